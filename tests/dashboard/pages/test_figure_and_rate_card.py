"""The door figures go through, and the answer at the top of the Claim page."""

import json

from streamlit.testing.v1 import AppTest


def run(page: str) -> AppTest:
    return AppTest.from_string(f"from tests.support import answer_pages; answer_pages.{page}()").run()


def test_a_figure_is_read_aloud_by_its_sentence_and_keyed_by_the_mode() -> None:
    (chart,) = run("a_figure").get("plotly_chart")
    assert chart.proto.alt == "71 of 168 responded."
    assert chart.proto.theme == ""  # ours alone: a template would have the browser draw it twice
    assert json.loads(chart.proto.config)["displayModeBar"] is False
    assert "hero-light" in chart.proto.id


def test_the_answer_comes_first_then_the_sentence_then_harm_beside_it() -> None:
    page = run("an_answer")
    assert not page.exception
    assert page.title[0].value == "42 in 100 responded. We advertise 70."
    assert page.subheader[0].value == "Benefit and harm, same 168"
    assert page.caption[0].value == "Locked question, as of 30\u00a0Jun\u00a02026"
    assert [chart.proto.alt[:4] for chart in page.get("plotly_chart")] == ["42\u00a0%", "Resp"]
