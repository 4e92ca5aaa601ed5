"""Stored text reaches the screen through one escape, and no page makes HTML: the source says so itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import dashboard

HOME = Path(dashboard.__file__).parent
ON_SCREEN = sorted(
    path for room in ("components", "views", "app.py") for path in [*(HOME / room).rglob("*.py"), HOME / room]
)
SOURCES = [path for path in dict.fromkeys(ON_SCREEN) if path.is_file()]
HTML = {"html", "iframe", "unsafe_allow_html", "unsafe_allow_javascript"}
STORED = {
    *("mrn", "listed", "full_name", "given_name", "family_name", "clinician", "site", "username"),
    *("recorded_by", "locked_by", "reason", "stem", "rights", "measures", "crisis_text", "message"),
}
"""Fields that are text somebody typed, whatever they are a field of."""

WORDS_OF = {"scale", "within", "band", "item", "account", "claim", "unit"}
"""What has text somebody typed in these fields:"""

WORDS = {"name", "label", "text", "words", "source", "title"}
ESCAPES = {"plain", "cell", "escape"}
LATER = {
    ("assessment_fields.py", "scale.name"): "a problem's words, which saving escapes",
    ("course_list.py", "person.mrn"): "a name, escaped a line below",
    ("item_answers.py", "scale.name"): "a refusal, escaped where it is shown",
    ("open_alerts.py", "scale.name"): "the scale asked, escaped a line below",
    ("record_choice.py", "scales[scale].name"): "an option of a selectbox, which reads no Markdown",
    ("record_choice.py", "scales[scale].measures"): "likewise",
}
"""What is put together in one place and escaped in another."""

NO_MARKDOWN = {"alt", "sentence", "key", "file_name", "placeholder"}
"""Arguments that are shown or kept as they are."""

SINKS = {
    *("markdown", "write", "caption", "title", "header", "subheader", "metric", "table", "badge", "toast"),
    *("info", "warning", "error", "success", "button", "expander", "popover", "checkbox", "toggle"),
}


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def is_typed(node: ast.AST) -> bool:
    """Whether an expression is a field that holds text somebody typed."""
    if not isinstance(node, ast.Attribute):
        return False
    of = node.value.slice if isinstance(node.value, ast.Subscript) else node.value
    whose = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
    return node.attr in STORED or (node.attr in WORDS and whose in WORDS_OF)


def is_escape(node: ast.AST) -> bool:
    """Whether an expression is text made safe."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ESCAPES


def unescaped(node: ast.AST) -> Iterator[ast.AST]:
    """Such fields in the text an expression makes, outside every escape, key and plain label."""
    if is_typed(node):
        yield node
    if is_escape(node):
        return
    parts: list[ast.AST] = [node.body, node.orelse] if isinstance(node, ast.IfExp) else []
    for part in parts or ast.iter_child_nodes(node):
        if not (isinstance(part, ast.keyword) and part.arg in NO_MARKDOWN):
            yield from unescaped(part)


def texts_made(tree: ast.AST) -> Iterator[ast.AST]:
    """Formatted strings, and what is handed to a part of the page that reads Markdown."""
    if is_escape(tree) or (isinstance(tree, ast.keyword) and tree.arg in NO_MARKDOWN):
        return
    if isinstance(tree, ast.JoinedStr):
        yield tree
    elif isinstance(tree, ast.Call) and isinstance(tree.func, ast.Attribute) and tree.func.attr in SINKS:
        yield from tree.args[:1]
    for part in ast.iter_child_nodes(tree):
        yield from texts_made(part)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_stored_text_is_escaped_wherever_a_page_reads_markdown(path: Path) -> None:
    found = {
        f"line {field.lineno}: {ast.unparse(field)}"
        for text in texts_made(parsed(path))
        for field in unescaped(text)
        if (path.name, ast.unparse(field)) not in LATER
    }
    assert found == set()


@pytest.mark.parametrize("path", sorted(HOME.rglob("*.py")), ids=lambda path: path.name)
def test_no_page_makes_html_or_a_frame(path: Path) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of_streamlit = isinstance(node.func.value, ast.Name) and node.func.value.id in {
                "st",
                "components",
            }
            assert not (of_streamlit and node.func.attr in HTML), ast.unparse(node)
            assert not any(word.arg in HTML for word in node.keywords), ast.unparse(node)
        if isinstance(node, ast.Import | ast.ImportFrom):
            assert "streamlit.components" not in ast.unparse(node)


@pytest.mark.parametrize(
    ("line", "safe"),
    [
        ("st.markdown(f'for {person.mrn}')", False),
        ("words = f'{scale.name} so far'", False),
        ("st.caption(scale.stem)", False),
        ("st.button(f'Another {scales[scale].name}')", False),
        ("st.markdown(f'for {plain(person.mrn)}')", True),
        ("show(chart, sentence=f'{scale.name} over time')", True),
    ],
)
def test_the_check_sees_what_it_looks_for(line: str, safe: bool) -> None:  # noqa: FBT001
    assert any(True for text in texts_made(ast.parse(line)) for _ in unescaped(text)) is not safe
