"""Bringing files in on the import page, as somebody in a browser does."""

from collections.abc import Mapping

from streamlit.testing.v1 import AppTest

from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from tests.support.pages import opened, ran

SCORES = "mrn,scale,assessed_at,total\n"
ROW = "1,phq9,2026-03-03,9\n"


def brought(
    files: Mapping[str, str | bytes], *, role: Role = Role.CLINICIAN, mapping: str | None = None
) -> AppTest:
    """The import page after somebody chose these files, and a mapping file beside them."""
    return chosen(opened(Page.IMPORT, role=role), files, mapping=mapping)


def chosen(page: AppTest, files: Mapping[str, str | bytes], *, mapping: str | None = None) -> AppTest:
    """The same page once these are chosen."""
    page.file_uploader[0].set_value(
        [
            (name, content.encode() if isinstance(content, str) else content, "")
            for name, content in files.items()
        ]
    )
    if mapping is not None:
        page.file_uploader[1].set_value(("mapping.toml", mapping.encode(), ""))
    return ran(page)


def questions(page: AppTest) -> dict[str, list[str]]:
    """What is asked, each with the answers there are."""
    return {plain(radio.label): [plain(option) for option in radio.options] for radio in page.radio}


def answer(page: AppTest, question: str, words: str) -> AppTest:
    """Choose the answer that begins so, to the question in which these words are."""
    asked = next(radio for radio in page.radio if question in plain(radio.label))
    answers: Mapping[str, str] = asked.format_func.__self__  # type: ignore[attr-defined]
    asked.set_value(next(value for value, said in answers.items() if plain(said).startswith(words)))
    return ran(page)


def counted(page: AppTest) -> dict[str, dict[str, str]]:
    """The table of counts: table, then what became of its rows; zeros are left out."""
    frame = next(table.value for table in page.table if "New" in table.value)
    rows = frame.set_index("Rows").to_dict("index")
    return {str(name): {str(k): v for k, v in row.items() if v != "0"} for name, row in rows.items()}


def refused(page: AppTest) -> list[str]:
    """The reasons that are listed, each with its line."""
    lists = (plain(line) for each in page.markdown for line in each.value.splitlines())
    return [line.removeprefix("- ") for line in lists if line.startswith("- line ")]


def plain(text: str) -> str:
    """Words without what keeps markdown from being read."""
    return text.replace("\\", "").replace("\u2060", "").replace("\u00a0", " ").replace("*", "")
