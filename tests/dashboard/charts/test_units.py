"""Clinicians beside chance: bands, dots and words."""

from dashboard.charts.clinic.units import DRAWN, table, title, units
from dashboard.charts.theme import RULE
from dashboard.charts.words import NBSP, Rounding
from models.outcomes.answers.comparison import Comparison, Unit
from models.outcomes.proportions.funnel import Limits
from models.outcomes.proportions.rates import wilson
from tests.support.figures import boxes, words

FOUND = Comparison(
    wilson(60, 120),
    [
        Unit("", wilson(4, 10)),
        Unit("Dr A", wilson(26, 50), Limits(0.36, 0.64), Limits(0.28, 0.72), "within"),
        Unit("Dr B", wilson(45, 60), Limits(0.37, 0.63), Limits(0.3, 0.7), "above"),
    ],
    estimated=False,
)


def test_a_band_shows_where_chance_alone_would_put_the_rate_and_few_courses_have_none() -> None:
    bands = [(round(one["x0"]), round(one["x1"])) for one in boxes(units(FOUND, Rounding(0.7)), RULE)]
    assert bands == [(36, 64), (37, 63)]


def test_clinicians_stand_in_the_order_of_their_names_and_few_courses_have_no_percentage() -> None:
    told = words(units(FOUND, Rounding(0.7)))
    assert [word for word in told if word.startswith(("Dr", "No name"))] == [
        "No name recorded",
        "Dr A",
        "Dr B",
    ]
    assert "4 of 10" in told


def test_a_name_cannot_speak_html_and_a_long_one_is_cut() -> None:
    long = Comparison(
        FOUND.pooled, [Unit("<i>Dr</i> A & B", wilson(4, 10)), Unit("B" * 40, wilson(4, 10))], False
    )
    texts = [each.text for each in units(long, Rounding(0.7)).layout.annotations]
    assert "<b>&lt;i&gt;Dr&lt;/i&gt; A &amp; B</b>" in texts
    assert f"<b>{'B' * 25}…</b>" in texts


def test_the_title_says_whether_it_is_more_than_chance() -> None:
    assert title(FOUND) == "1 clinician differs by more than chance explains, of 2"
    alike = FOUND._replace(units=[unit._replace(place="within") for unit in FOUND.units[1:]])
    assert title(alike) == "2 clinicians differ no more than chance explains"


def test_the_table_has_everybody_last() -> None:
    shown = table(FOUND, Rounding(0.7))
    assert list(shown["Clinician"]) == ["No name recorded", "Dr A", "Dr B", "All together"]
    assert list(shown["By chance, 95 of 100"]) == ["", f"36–64{NBSP}%", f"37–63{NBSP}%", ""]
    assert shown["It is"].iloc[2] == "higher than chance explains"


def test_rates_are_drawn_towards_that_of_all_once_enough_clinicians_are_compared() -> None:
    assert DRAWN not in table(FOUND, Rounding(0.7))
    shown = table(FOUND._replace(estimated=True), Rounding(0.7))
    assert list(shown[DRAWN]) == ["", f"51{NBSP}%", f"69{NBSP}%", ""]
