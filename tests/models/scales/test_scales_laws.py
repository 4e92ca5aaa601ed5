"""Laws of scoring that hold for any answers."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from models.scales import Scale, all_scales
from models.scales.scoring import alert_level, band, check_total, read_total, score_items

SCALES = list(all_scales().values())
SUMMED = [scale for scale in SCALES if scale.scoring == "sum"]
WITH_ITEMS = [scale for scale in SCALES if scale.form_items]


Answers = tuple[Scale, dict[int, int | None]]


@st.composite
def answers(draw: st.DrawFn, scales: list[Scale]) -> Answers:
    scale = draw(st.sampled_from(scales))
    return scale, {
        item.number: draw(st.none() | st.integers(item.low, item.high) | st.integers(item.low, item.high))
        for item in scale.items
    }


@st.composite
def totals(draw: st.DrawFn) -> tuple[Scale, int]:
    scale = draw(st.sampled_from(SCALES))
    return scale, draw(st.integers(scale.low, scale.high))


@given(answers(WITH_ITEMS))
def test_a_total_is_on_the_scale_or_there_is_none(given_answers: Answers) -> None:
    scale, items = given_answers
    score = score_items(scale, items)
    assert (score.total is None) == (score.status == "invalid")
    assert score.total is None or check_total(scale, score.total) == score.total


@given(answers(SUMMED))
def test_prorating_is_the_mean_of_the_answers_times_the_items_rounded_half_up(given_answers: Answers) -> None:
    scale, items = given_answers
    given_ones = [answer for answer in items.values() if answer is not None]
    score = score_items(scale, items)
    if score.total is not None:
        exact = Fraction(sum(given_ones) * len(items), len(given_ones))
        assert -Fraction(1, 2) < score.total - exact <= Fraction(1, 2)


@given(answers(SUMMED), st.data())
def test_a_worse_answer_never_lowers_the_total(given_answers: Answers, data: st.DataObject) -> None:
    scale, items = given_answers
    number = data.draw(st.sampled_from(sorted(items)))
    answer, item = items[number], scale.item(number)
    assert item is not None
    if answer is not None and answer < item.high:
        before, after = score_items(scale, items), score_items(scale, items | {number: answer + 1})
        assert before.total is None or (after.total is not None and after.total >= before.total)


@given(answers(WITH_ITEMS))
def test_the_suicide_item_is_what_was_answered_whatever_the_total(given_answers: Answers) -> None:
    scale, items = given_answers
    asked = scale.suicide_item
    assert score_items(scale, items).suicide_item == (items[asked.number] if asked else None)


@given(answers(WITH_ITEMS))
def test_no_answer_but_the_lowest_leaves_a_suicide_item_without_alert(given_answers: Answers) -> None:
    scale, items = given_answers
    answer = score_items(scale, items).suicide_item
    quiet = scale.suicide_item is None or answer == scale.suicide_item.low
    assert (alert_level(scale, answer, asked=True) is None) == quiet


@given(totals())
def test_every_total_is_read_back_as_it_is_shown_and_lies_in_one_band(given_total: tuple[Scale, int]) -> None:
    scale, total = given_total
    assert read_total(scale, scale.shown(total)) == total
    assert sum(part.low <= total <= part.high for part in scale.bands) == bool(scale.bands)
    assert bool(band(scale, total)) == bool(scale.bands)
