"""The catalogue is whole: every row of it has a test that bears its number."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROWS: Final = frozenset(range(1, 41))


def marked() -> Iterator[int]:
    """The number every test here bears."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for mark in getattr(node, "decorator_list", ()):
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.catalogue":
                    yield ast.literal_eval(mark.keywords[0].value)


def test_every_row_has_a_test() -> None:
    assert set(marked()) == ROWS
