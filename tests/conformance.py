"""The README's table of figures the tests reproduce. Write it anew: `python -m tests.conformance`.

A test that reproduces published or independently computed figures says so with
`@pytest.mark.conformance(figures="...", source="...")`; the table is made of these marks and of nothing else.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

TESTS: Final = Path(__file__).parent
README: Final = TESTS.parent / "README.md"
MARK: Final = "pytest.mark.conformance"
BEGIN, END = "<!-- conformance: made by the tests -->", "<!-- end of conformance -->"


class Reproduced(NamedTuple):
    """Some figures, whose they are, and the test that reproduces them."""

    figures: str
    source: str
    test: str


def reproduced() -> list[Reproduced]:
    """Every mark, in the order of the files."""
    return [mark for path in sorted(TESTS.rglob("test_*.py")) for mark in _marks(path)]


def table() -> str:
    """The marks as Markdown."""
    rows = [f"| {one.figures} | {one.source} | `{one.test}` |" for one in reproduced()]
    return "\n".join([BEGIN, "| figures | source | test |", "|---|---|---|", *rows, END])


def in_readme(text: str) -> str:
    """The README with the table as it should be."""
    before, rest = text.split(BEGIN)
    return before + table() + rest.split(END)[1]


def _marks(path: Path) -> Iterator[Reproduced]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if (
                    isinstance(decorator, ast.Call)
                    and ast.unparse(decorator.func) == "pytest.mark.conformance"
                ):
                    said = {each.arg: ast.literal_eval(each.value) for each in decorator.keywords}
                    place = path.relative_to(TESTS).as_posix()
                    yield Reproduced(said["figures"], said["source"], place)


if __name__ == "__main__":
    README.write_text(in_readme(README.read_text(encoding="utf-8")), encoding="utf-8")
