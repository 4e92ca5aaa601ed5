"""Scoring against the worked vectors of the clinical specification, §1.3 to §1.8 and §2.1."""

from collections.abc import Sequence
from typing import Any

import pytest

from models.scales import Scale, all_scales
from models.scales.scoring import (
    AlertLevel,
    ItemError,
    Score,
    TotalError,
    alert_level,
    check_suicide_item,
    check_total,
    meets_provisional,
    read_total,
    score_items,
)

SCALES = all_scales()
PHQ9, PHQ8, PHQ2, GAD7 = (SCALES[name] for name in ("phq9", "phq8", "phq2", "gad7"))
PCL5, QIDS, MADRS, PROMIS = (SCALES[name] for name in ("pcl5", "qids_sr16", "madrs", "promis_depression"))


def numbered(answers: Sequence[int | None]) -> dict[int, int | None]:
    return dict(enumerate(answers, start=1))


def test_a_complete_phq9_is_the_sum_of_its_items() -> None:
    assert score_items(PHQ9, numbered([3, 3, 2, 2, 1, 3, 2, 1, 0])) == Score(17, "complete", 0, 0, {})


def test_phq9_with_two_items_missing_is_prorated_half_up_and_says_so() -> None:
    """§1.3: sum 12 of 7 answered, 12·9/7 = 15.4286, so 15; item 9 was answered 1."""
    assert score_items(PHQ9, numbered([2, 2, 3, None, 1, 2, 1, None, 1])) == Score(15, "prorated", 2, 1, {})


def test_prorating_rounds_an_exact_half_up() -> None:
    """Sum 4 of 8 answered: 4·9/8 = 4.5, so 5."""
    assert score_items(PHQ9, numbered([1, 1, 1, 1, 0, 0, 0, 0, None])).total == 5


def test_phq9_with_three_items_missing_has_no_total() -> None:
    score = score_items(PHQ9, numbered([2, 2, 3, None, 1, 2, None, None, 1]))
    assert score == Score(None, "invalid", 3, 1, {})


def test_an_unanswered_item_9_is_prorated_in_the_total_but_never_filled_in_itself() -> None:
    score = score_items(PHQ9, numbered([3, 3, 3, 3, 3, 3, 3, 3, None]))
    assert score == Score(27, "prorated", 1, None, {})


def test_an_item_left_out_is_the_same_as_one_unanswered() -> None:
    given = numbered([2, 2, 3, None, 1, 2, 1, None, 1])
    assert score_items(PHQ9, {n: a for n, a in given.items() if a is not None}) == score_items(PHQ9, given)


@pytest.mark.parametrize(
    ("scale", "most"), [(PHQ8, 1), (GAD7, 1), (PHQ2, 0), (PCL5, 4)], ids=["PHQ-8", "GAD-7", "PHQ-2", "PCL-5"]
)
def test_as_many_items_may_be_missing_as_the_scale_allows(scale: Scale, most: int) -> None:
    answers = numbered([1] * len(scale.items))
    unanswered = dict.fromkeys(range(1, most + 1))
    one_more = dict.fromkeys(range(1, most + 2))
    allowed, refused = score_items(scale, answers | unanswered), score_items(scale, answers | one_more)
    assert (allowed.total, allowed.status) == (len(scale.items), "prorated" if most else "complete")
    assert (refused.total, refused.status, refused.missing) == (None, "invalid", most + 1)


def test_qids_counts_the_worst_of_each_domain_not_the_sum_of_its_items() -> None:
    """§1.6: domains 3,2,2,1,2,1,2,2,1 come to 16; the plain sum of 20 would be wrong."""
    score = score_items(QIDS, numbered([2, 1, 0, 3, 2, 0, 1, 0, 2, 1, 2, 1, 2, 2, 1, 0]))
    assert list(score.subscores.values()) == [3, 2, 2, 1, 2, 1, 2, 2, 1]
    assert (score.total, score.status, score.suicide_item) == (16, "complete", 1)


def test_qids_answered_for_appetite_down_or_up_only_is_complete() -> None:
    answers = numbered([1] * 16)
    score = score_items(QIDS, answers | {6: None, 8: None})
    assert (score.total, score.status, score.missing) == (9, "complete", 0)


def test_qids_without_any_answer_in_a_domain_has_no_total() -> None:
    score = score_items(QIDS, numbered([1] * 16) | {15: None, 16: None})
    assert (score.total, score.status, score.missing) == (None, "invalid", 1)


def test_pcl5_clusters_add_up_to_its_total() -> None:
    score = score_items(PCL5, numbered([4] * 20))
    assert list(score.subscores.values()) == [20, 8, 28, 24]
    assert score.total == 80


def test_pcl5_prorates_the_total_but_leaves_out_a_cluster_with_an_item_missing() -> None:
    score = score_items(PCL5, numbered([2] * 20) | {6: None})
    assert (score.total, score.status) == (40, "prorated")
    assert [name[0] for name in score.subscores] == ["B", "D", "E"]


@pytest.mark.parametrize(
    ("symptoms", "met"),
    [
        ({1, 6, 8, 9, 15, 16}, True),
        ({6, 8, 9, 15, 16}, False),
        ({1, 8, 9, 15, 16}, False),
        ({1, 6, 8, 15, 16}, False),
        ({1, 6, 8, 9, 15}, False),
    ],
    ids=["one B, one C, two D, two E", "no B", "no C", "one D", "one E"],
)
def test_provisional_ptsd_needs_symptoms_in_every_cluster(symptoms: set[int], met: bool) -> None:  # noqa: FBT001
    answers = {number: 2 if number in symptoms else 1 for number in range(1, 21)}
    assert meets_provisional(PCL5, answers) is met


def test_provisional_ptsd_is_unknown_when_an_item_is_unanswered() -> None:
    assert meets_provisional(PCL5, numbered([4] * 20) | {20: None}) is None
    assert meets_provisional(PHQ9, numbered([3] * 9)) is None


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ({3: 7}, "PHQ-9 item 3 runs from 0 to 3; got 7"),
        ({3: -1}, "PHQ-9 item 3 runs from 0 to 3; got -1"),
        ({3: True}, "PHQ-9 item 3 runs from 0 to 3, in whole numbers; got True"),
        ({3: 2.0}, "PHQ-9 item 3 runs from 0 to 3, in whole numbers; got 2.0"),
        ({3: "2"}, "PHQ-9 item 3 runs from 0 to 3, in whole numbers; got 2"),
        ({10: 0}, "PHQ-9 has items 1 to 9; got 10"),
    ],
)
def test_an_answer_the_item_cannot_give_is_refused_in_words(items: Any, words: str) -> None:
    with pytest.raises(ItemError) as caught:
        score_items(PHQ9, items)
    assert str(caught.value) == words


def test_items_of_a_scale_recorded_by_its_total_only_are_refused() -> None:
    with pytest.raises(ItemError, match="MADRS is recorded by its total only"):
        score_items(MADRS, {1: 4})


def test_a_total_off_the_scale_is_refused_in_words_with_its_field() -> None:
    assert check_total(PHQ9, 27) == 27
    with pytest.raises(TotalError) as caught:
        check_total(PHQ9, 31)
    assert str(caught.value) == "PHQ-9 runs from 0 to 27; got 31"
    assert (caught.value.field, caught.value.value) == ("total", "31")
    with pytest.raises(TotalError, match=r"PROMIS depression runs from 10\.0 to 90\.0; got 95\.0"):
        check_total(PROMIS, 950)


@pytest.mark.parametrize("total", [True, 14.0, "14"])
def test_a_total_that_is_no_whole_number_is_refused(total: Any) -> None:
    with pytest.raises(TotalError, match="in whole numbers"):
        check_total(PHQ9, total)


def test_a_written_total_is_read_in_the_scale_s_own_steps() -> None:
    assert read_total(PHQ9, " 14 ") == 14
    assert read_total(PROMIS, "54.9") == 549
    assert read_total(PROMIS, "54") == 540


@pytest.mark.parametrize(
    ("scale", "text", "words"),
    [
        (PHQ9, "14.5", "PHQ-9 runs from 0 to 27, in whole numbers; got 14.5"),
        (PHQ9, "high", "PHQ-9 runs from 0 to 27, in whole numbers; got high"),
        (PHQ9, "", "PHQ-9 runs from 0 to 27, in whole numbers; got "),
        (PHQ9, "nan", "PHQ-9 runs from 0 to 27, in whole numbers; got nan"),
        (PHQ9, "inf", "PHQ-9 runs from 0 to 27, in whole numbers; got inf"),
        (PHQ9, "1e999999", "PHQ-9 runs from 0 to 27; got 1e999999"),
        (PHQ9, "31", "PHQ-9 runs from 0 to 27; got 31"),
        (PROMIS, "54.95", "PROMIS depression runs from 10.0 to 90.0, with at most 1 decimal; got 54.95"),
    ],
)
def test_a_written_total_that_cannot_be_is_refused_as_it_was_written(
    scale: Scale, text: str, words: str
) -> None:
    with pytest.raises(TotalError) as caught:
        read_total(scale, text)
    assert str(caught.value) == words


def test_a_suicide_item_typed_beside_a_total_must_be_on_its_range() -> None:
    assert check_suicide_item(MADRS, 6) == 6
    with pytest.raises(ItemError, match="MADRS item 10 runs from 0 to 6; got 7"):
        check_suicide_item(MADRS, 7)
    with pytest.raises(ItemError, match="GAD-7 has no suicide item"):
        check_suicide_item(GAD7, 0)


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        (0, None),
        (1, AlertLevel.IDEATION),
        (2, AlertLevel.FREQUENT),
        (3, AlertLevel.NEARLY_EVERY_DAY),
        (None, AlertLevel.UNANSWERED),
    ],
)
@pytest.mark.parametrize("scale", [PHQ9, QIDS], ids=["PHQ-9", "QIDS-SR16"])
def test_the_alert_says_what_the_suicide_item_says(
    scale: Scale, answer: int | None, level: AlertLevel | None
) -> None:
    assert alert_level(scale, answer, asked=True) is level


def test_a_total_recorded_alone_never_asked_about_suicide() -> None:
    assert alert_level(MADRS, None, asked=False) is None
    assert alert_level(MADRS, 6, asked=False) is AlertLevel.NEARLY_EVERY_DAY


def test_a_scale_without_a_suicide_item_raises_no_alert() -> None:
    assert alert_level(GAD7, None, asked=True) is None
