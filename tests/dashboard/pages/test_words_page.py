"""The Words page: the sentence, the refused wordings, the clinic's own sentence, and the files."""

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.components.page.role import KEY, Role
from models.outcomes.question.locked import PRIMARY
from tests.support.pages import ran, said

SLOW = 60


def page(role: Role = Role.MANAGER) -> AppTest:
    def drawn() -> None:
        from dashboard.views import words  # noqa: PLC0415 - the page is run from its text alone

        words.show()

    app = AppTest.from_function(drawn, default_timeout=SLOW)
    app.session_state[KEY] = role
    return ran(app)


def test_the_sentence_its_hash_and_the_refusals_are_on_the_page(demo: Engine) -> None:
    app, made = page(), data.statement_of(PRIMARY)
    assert app.header[0].value.replace("\\", "") == made.sentence
    assert made.data_hash in [code.value for code in app.code]
    words = said(app).replace("\\", "")
    assert "~~Ketamine cures depression.~~" in words
    assert "Refused: " in words
    assert len(app.get("link_button")) == 3


def test_a_sentence_of_ones_own_is_read_and_nothing_in_it_is_drawn(demo: Engine) -> None:
    app = page()
    app.text_area[0].set_value("99 % were cured ![x](http://evil.example/x.png)")
    words = said(ran(app))
    assert "is not the rate" in words
    assert "“**cured**”" in words
    assert "![x]" not in "\n".join(each.value for each in app.markdown)


def test_only_a_sentence_that_was_judged_and_fits_is_ticked(demo: Engine) -> None:
    app, made = page(), data.statement_of(PRIMARY)
    ticked = ":material/check: Nothing found that the record does not carry."
    for text, told in (
        (made.sentence, ticked),
        ("Open on Mondays.", "Not recognised: nothing in it could be checked."),
    ):
        app.text_area[0].set_value(text)
        lines = [each.value for each in ran(app).markdown]
        assert told in lines
        assert (ticked in lines) is (told == ticked)


def test_before_anybody_is_counted_there_is_no_sentence(record: Engine) -> None:
    assert not page().header


def test_it_is_the_managers_page(record: Engine) -> None:
    assert "This page is for: practice manager." in page(Role.CLINICIAN).info[0].value
