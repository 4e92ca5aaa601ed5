"""The question as a value, and as one sentence."""

from datetime import date

import pytest

from models.outcomes.question.estimand import Estimand, Missing, Outcome, QuestionError
from models.outcomes.question.sentence import rule_in_words
from models.outcomes.question.vocabulary import (
    Exclusion,
    Indication,
    Route,
    TreatmentResistant,
    Warn,
    WindowName,
)
from models.outcomes.question.words import (
    EXCLUSION_WORDS,
    INDICATION_LABELS,
    MISSING_LABELS,
    OUTCOME_LABELS,
    OUTCOME_NOUNS,
    OUTCOME_RULES,
    RESISTANCE_LABELS,
    ROUTE_LABELS,
    ROUTE_PHRASES,
    WARNING_WORDS,
    WINDOW_LABELS,
    WINDOW_PHRASES,
)
from models.scales import all_scales

SCALES = all_scales()
PHQ9 = SCALES["phq9"]


def test_the_default_question_is_the_primary_specification() -> None:
    """§3.7: PHQ-9 response at 14-31 days, non-responder, first course, gate of 10, treatment-resistant."""
    assert Estimand.of(PHQ9).question() == {
        "scale": "phq9",
        "outcome": "response",
        "window": "p14_31",
        "missing": "non_responder",
        "baseline_at_least": 10,
        "treatment_resistant": "yes",
        "first_course": True,
        "indication": ["depression", "bipolar_depression"],
        "route": "any",
        "started_from": None,
        "started_to": None,
        "clinician": None,
        "site": None,
    }


def test_its_sentence_leaves_nothing_out() -> None:
    assert Estimand.of(PHQ9).sentence(PHQ9) == (
        "PHQ-9 response (at least 50 % below baseline) 14 to 31 days after the last induction infusion, "
        "among first courses for depression or bipolar depression, treatment-resistant (at least 2 failed "
        "trials in the episode), with a baseline of at least 10, whatever the route and the date of the "
        "start; a course without a score in that time counts as no response."
    )


def test_every_part_of_a_question_changes_its_sentence() -> None:
    asked = Estimand.of(PHQ9)
    others = [
        *(Estimand.of(PHQ9, outcome=outcome) for outcome in Outcome if outcome is not asked.outcome),
        *(Estimand.of(PHQ9, window=window) for window in WindowName if window is not asked.window),
        *(Estimand.of(PHQ9, missing=missing) for missing in Missing if missing is not asked.missing),
        Estimand.of(PHQ9, baseline_at_least=15),
        Estimand.of(PHQ9, baseline_at_least=None),
        Estimand.of(PHQ9, treatment_resistant="no"),
        Estimand.of(PHQ9, treatment_resistant="any"),
        Estimand.of(PHQ9, first_course=False),
        *(Estimand.of(PHQ9, indications=(each,)) for each in Indication),
        *(Estimand.of(PHQ9, route=route) for route in Route if route is not Route.ANY),
        Estimand.of(PHQ9, started_from=date(2025, 1, 1)),
        Estimand.of(PHQ9, started_to=date(2025, 1, 1)),
        Estimand.of(PHQ9, started_from=date(2025, 1, 1), started_to=date(2025, 3, 31)),
        Estimand.of(PHQ9, clinician="Dr Adler"),
        Estimand.of(PHQ9, site="North"),
    ]
    sentences = [each.sentence(PHQ9) for each in (asked, *others)]
    assert len(set(sentences)) == len(sentences)
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in sentences)


def test_a_question_with_everything_chosen_reads_as_one_sentence() -> None:
    asked = Estimand(
        "pcl5",
        Outcome.DETERIORATION,
        WindowName.D7,
        Missing.WORST_CASE,
        40,
        TreatmentResistant.NO,
        first_course=False,
        indications=(Indication.PTSD, Indication.ANXIETY, Indication.PAIN),
        route=Route.IM,
        started_from=date(2025, 1, 1),
        started_to=date(2025, 3, 31),
        clinician="Dr Adler",
        site="North",
    )
    scale = PHQ9.model_copy(update={"name": "PCL-5"})
    assert asked.sentence(scale) == (
        "PCL-5 deterioration (at least 6 points above baseline) on day 7 (5 to 10) after the first infusion, "
        "among all courses, several of one person included, for PTSD, anxiety or pain, not "
        "treatment-resistant (fewer than 2 failed trials in the episode), with a baseline of at least 40, "
        "given into a muscle, "
        "started from 1 Jan 2025 to 31 Mar 2025, under Dr Adler, at North; at worst, a course without a "
        "score in that time counts as deterioration."
    )


def test_figures_of_a_scale_with_decimals_are_said_as_people_read_them() -> None:
    tenths = PHQ9.model_copy(update={"decimals": 1, "reliable_change": 45, "name": "T"})
    assert rule_in_words(Outcome.RELIABLE_IMPROVEMENT, tenths) == "at least 4.5 points below baseline"
    assert rule_in_words(Outcome.RESPONSE, tenths) == "at least 50 % below baseline"
    gated = Estimand("t", baseline_at_least=605, outcome=Outcome.RELIABLE_IMPROVEMENT)
    assert "with a baseline of at least 60.5" in gated.sentence(tenths)


def test_what_the_unseen_count_as_is_said_from_the_side_of_harm_too() -> None:
    def ending(missing: Missing) -> str:
        asked = Estimand.of(PHQ9, outcome=Outcome.DETERIORATION, missing=missing)
        return asked.sentence(PHQ9).split("; ")[1]

    assert (
        ending(Missing.NON_RESPONDER) == "a course without a score in that time counts as no deterioration."
    )
    assert ending(Missing.BEST_CASE).endswith(
        "at best, a course without a score in that time counts as no deterioration."
    )
    assert (
        ending(Missing.WORST_CASE)
        == "at worst, a course without a score in that time counts as deterioration."
    )


@pytest.mark.parametrize(
    ("field", "choice"),
    [
        ("outcome", {"outcome": "cure"}),
        ("window", {"window": "h4"}),
        ("missing", {"missing": "LOCF"}),
        ("treatment_resistant", {"treatment_resistant": "unknown"}),
        ("route", {"route": "rectal"}),
        ("indication", {"indications": ("depression", "grief")}),
        ("indication", {"indications": ()}),
        ("baseline_at_least", {"baseline_at_least": -1}),
        ("baseline_at_least", {"baseline_at_least": 9.5}),
        ("baseline_at_least", {"baseline_at_least": True}),
        ("started_to", {"started_from": date(2025, 2, 1), "started_to": date(2025, 1, 1)}),
    ],
)
def test_a_question_that_cannot_be_asked_says_which_part_and_what_is_allowed(
    field: str, choice: dict[str, object]
) -> None:
    with pytest.raises(QuestionError) as refused:
        Estimand(**choice)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert str(refused.value).startswith(f"{field} is ")


def test_indications_are_a_set_in_one_order() -> None:
    assert Estimand(indications=("pain", "depression", "pain")).indications == ("depression", "pain")  # type: ignore[arg-type]
    assert Estimand(indications=("pain", "any")).indications == ("any",)  # type: ignore[arg-type]
    assert Estimand(indications="ptsd").indications == ("ptsd",)  # type: ignore[arg-type]


def test_every_word_has_a_label_and_labels_fit_the_sidebar() -> None:
    labelled = {
        Outcome: OUTCOME_LABELS,
        WindowName: WINDOW_LABELS,
        Missing: MISSING_LABELS,
        TreatmentResistant: RESISTANCE_LABELS,
        Route: ROUTE_LABELS,
        Indication: INDICATION_LABELS,
    }
    for vocabulary, labels in labelled.items():
        assert set(labels) == set(vocabulary)
        assert len(set(labels.values())) == len(labels)
        assert all(len(label) <= 20 for label in labels.values())


def test_every_word_has_its_phrase() -> None:
    assert set(OUTCOME_NOUNS) == set(OUTCOME_RULES) == set(Outcome)
    assert set(WINDOW_PHRASES) == set(WindowName)
    assert set(ROUTE_PHRASES) == set(Route) - {Route.ANY}
    assert set(EXCLUSION_WORDS) == set(Exclusion)
    assert set(WARNING_WORDS) == set(Warn)
    assert all(len(words) <= 34 for words in EXCLUSION_WORDS.values())


def test_the_names_are_those_of_the_interface() -> None:
    names = {
        Outcome: "response partial_response remission mcid mcid20 reliable_improvement recovery "
        "reliable_recovery response_and_le9 deterioration",
        WindowName: "h24 d7 end_of_induction p14_31 w6 m3 m6 m12",
        Missing: "non_responder observed completers last_carried best_case worst_case",
        TreatmentResistant: "yes no any",
        Route: "iv im sc intranasal oral any",
        Indication: "depression bipolar_depression ptsd suicidality anxiety pain other any",
        Exclusion: "later_course outside_period other_indication other_route no_baseline baseline_below "
        "baseline_zero resistance_other resistance_unknown",
    }
    for vocabulary, expected in names.items():
        assert " ".join(vocabulary) == expected
