"""Whatever is written from a page is written by somebody whose right was asked for, in the same function."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HOUSE = Path(__file__).parents[2]
WRITING = "models.store.engine.database.writing"
ACTING = "dashboard.identity.acting"
KIND = {"kind.record", "kind.correct", "kind.void"}
"""What `dashboard.entries` calls through its table of kinds."""

ASKED_ELSEWHERE = {
    "dashboard.entries.note_look": "counts that somebody looked at a page, which asked who may",
    "dashboard.readings._note_once": "tells the trail of a page, which asked who may",
    "dashboard.notices._told": "tells the trail whether a notice was sent, which nobody asks for",
    "dashboard.backups.do": "tells the trail how a restore went that the program tried by itself",
    "dashboard.backups.trying": "the same",
    "dashboard.door._keep": "keeps what the clinic changed in a file of its own, which nobody asks for",
}


class Function(NamedTuple):
    """A function of a module, and everything it names by its full name."""

    name: str
    names: frozenset[str]


def functions_in(folder: Path) -> Iterator[Function]:
    """Every function and method, with what its body names; imports are followed to where they come from."""
    for path in sorted(folder.rglob("*.py")):
        module = ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = dict(imports(tree))
        own = {node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = {named(inner, {**own, **imported}) for inner in ast.walk(node)}
                yield Function(f"{module}.{node.name}", frozenset(names - {""}))


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def named(node: ast.AST, known: dict[str, str]) -> str:
    """The full name of what a name or an attribute of a name stands for."""
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{known.get(node.value.id, node.value.id)}.{node.attr}"
    return ""


def writers() -> set[str]:
    """Every function of the store that writes, itself or through another; and how others import it."""
    store = list(functions_in(HOUSE / "models" / "store"))
    found = {WRITING}
    while more := {each.name for each in store if each.names & found} - found:
        found |= more
    return found | reexported(found)


def reexported(found: set[str]) -> set[str]:
    """What `models.store.record.write` shows of others under its own name."""
    path = HOUSE / "models" / "store" / "record" / "write.py"
    shown = imports(ast.parse(path.read_text(encoding="utf-8")))
    return {f"models.store.record.write.{name}" for name, origin in shown if origin in found}


def pages() -> list[Function]:
    """The functions of the dashboard but those of the command, which checks before it calls any, and of
    signing in, where nobody has a right yet."""
    outside = ("dashboard.cli.", "dashboard.signin.")
    return [each for each in functions_in(HOUSE / "dashboard") if not each.name.startswith(outside)]


def test_the_writers_of_the_store_are_found() -> None:
    found = writers()
    assert {
        "models.store.accounts.staff.add_account",
        "models.store.accounts.sessions.break_glass",
        "models.store.record.write.record_assessment",
        "models.store.record.write.lock_question",
        "models.store.audit.events.note",
    } <= found
    assert "models.store.accounts.staff.accounts" not in found
    assert "models.store.record.read.record" not in found


def test_no_page_reaches_past_the_door_to_the_record() -> None:
    engines = {"dashboard.data.engine", "dashboard.door.engine", "data.engine", "door.engine"}
    rooms = [HOUSE / "dashboard" / "views", HOUSE / "dashboard" / "components"]
    functions = [each for room in rooms for each in functions_in(room)]
    assert {"dashboard.views.audit.show", "dashboard.components.page.plain.plain"} <= {
        each.name for each in functions
    }
    assert {each.name for each in functions if each.names & engines} == set()


def test_whoever_writes_from_a_page_was_asked_for_the_right_in_the_same_function() -> None:
    found = writers() | KIND
    writing = {each.name: each for each in pages() if each.names & found}
    unasked = {name for name, each in writing.items() if ACTING not in each.names}
    assert {"dashboard.staff.add_account", "dashboard.entries.store", "dashboard.entries.withdraw"} <= set(
        writing
    )
    assert unasked == set(ASKED_ELSEWHERE)


def test_the_kinds_are_called_where_they_are_listed_and_nowhere_else() -> None:
    calling = {each.name.rpartition(".")[0] for each in pages() if each.names & KIND}
    assert calling == {"dashboard.entries"}
