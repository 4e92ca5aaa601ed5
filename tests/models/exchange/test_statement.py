"""The public sentence, its appendix, its hash and its files, on the worked clinic of 168 people."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import duckdb
import pytest

from models.exchange.leaving.small_cells import may_publish
from models.exchange.statements.statement import Statement, data_hash, statement
from models.exchange.statements.statement_export import (
    NotAStatementError,
    as_html,
    as_json,
    as_text,
    differences,
    seal_of,
)
from models.exchange.statements.statement_words import percent, sentence_of
from models.outcomes.answers.answer import Answer, answer, answer_from
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.counting import Counted
from models.outcomes.counts.tally import Tally
from models.outcomes.proportions.rates import wilson
from models.outcomes.question.estimand import Estimand, QuestionError
from models.outcomes.question.locked import PRIMARY, canonical, question_hash
from models.outcomes.question.vocabulary import Exclusion, Missing, TreatmentResistant
from models.scales import all_scales
from models.store.record.claims import Lock
from tests.support.golden import cohort

PHQ9: Final = all_scales()["phq9"]
KNOWN: Final = datetime(2026, 6, 30, 9, 15, 0, 123456, tzinfo=UTC)
DAY: Final = date(2026, 6, 30)
ANY: Final = replace(PRIMARY, treatment_resistant=TreatmentResistant.ANY)
MARKUP: Final = '<script>alert(1)</script> & "Söhne"'


def counted(tally: Tally, question: Estimand = ANY, **excluded: int) -> Answer:
    left_out = dict.fromkeys(Exclusion, 0) | {Exclusion(why): n for why, n in excluded.items()}
    whole = Counted(left_out, {question.outcome: tally}, {})
    return answer_from(whole, question, PHQ9, Claim(), as_of=DAY)


def worked(question: Estimand = ANY) -> Answer:
    """Screens §4: 71 of 168, 121 scored again, 47 never."""
    return counted(Tally(121, 71, 106, 78, 47, 10, 23), question, no_baseline=49)


def golden(question: Estimand | None = None) -> Statement:
    asked = question or Estimand.of(PHQ9, treatment_resistant="any", window="end_of_induction")
    found = answer(cohort(), asked, PHQ9, Claim(), as_of=DAY)
    return statement(found, PHQ9, cohort(), known_at=KNOWN, locks=())


def test_the_worked_clinic_has_the_sentence_it_may_print() -> None:
    assert sentence_of(worked(), PHQ9) == (
        "Of 168 people who began intravenous ketamine for depression or bipolar depression, with a PHQ-9 of "
        "at least 10 before it, and whose score window has closed by 30 June 2026, 71 (42 %) had a PHQ-9 at "
        "least half below baseline 14 to 31 days after induction; 47 were not scored in that time and count "
        "as no response (95 % interval 35 to 50 %). Uncontrolled observational result; "
        "not evidence of efficacy."
    )


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (Missing.OBSERVED, "Of 121 people"),
        (Missing.OBSERVED, "47 were not scored in that time and are left out of this rate"),
        (Missing.COMPLETERS, "had every planned infusion"),
        (Missing.LAST_CARRIED, "count by their last earlier score"),
        (Missing.BEST_CASE, "count as response, the best case"),
        (Missing.WORST_CASE, "count as no response, the worst case"),
    ],
)
def test_every_way_to_treat_the_missing_is_said_in_the_sentence(missing: Missing, said: str) -> None:
    assert said in sentence_of(worked(replace(ANY, missing=missing)), PHQ9)


@pytest.mark.parametrize(
    ("met", "of", "may"), [(7, 10, False), (0, 40, True), (35, 50, True), (45, 50, False), (11, 22, True)]
)
def test_small_cells_are_withheld_as_in_5_13(met: int, of: int, may: bool) -> None:  # noqa: FBT001
    assert may_publish(wilson(met, of)) is may


def test_a_withheld_statement_has_no_count_and_no_rate_in_any_file() -> None:
    made = golden()
    assert made.withheld
    assert "withheld" in made.sentence
    assert made.verdict is None
    document = json.loads(as_json(made))["answer"]
    assert [document[name] for name in ("numerator", "denominator", "ratio", "low", "high")] == [None] * 5
    assert set(document["counts"].values()) == {None}
    for written in (as_text(made), as_html(made)):
        assert "56 %" not in written
        assert "10 of 18" not in written


def test_a_small_number_of_missing_is_not_to_be_worked_out_from_the_rest() -> None:
    found = counted(Tally(160, 71, 150, 70, 5, 1, 30), no_baseline=49)
    assert "some were not scored in that time" in sentence_of(found, PHQ9)
    made = statement(found, PHQ9, cohort(), known_at=KNOWN, locks=())
    assert made.counts["counts"]["observed"] is None
    assert made.counts["counts"]["missing"] is None
    bounds = next(part.text for part in made.appendix if part.title == "What the missing could do")
    assert bounds.startswith("Withheld")


@pytest.mark.parametrize("missing", [Missing.OBSERVED, Missing.COMPLETERS])
def test_where_the_rate_leaves_the_few_unseen_out_no_total_tells_how_many(missing: Missing) -> None:
    found = counted(Tally(160, 71, 140, 60, 5, 1, 30), replace(ANY, missing=missing), no_baseline=49)
    made = statement(found, PHQ9, cohort(), known_at=KNOWN, locks=())
    counts = made.counts["counts"]
    assert [counts[name] for name in ("treated", "eligible", "observed", "missing")] == [None] * 4
    assert not re.search(r"\b165\b", as_text(made))


def told(pending: int = 23, **excluded: int) -> dict[str, int | None]:
    found = counted(Tally(121, 71, 106, 78, 47, 10, pending), **excluded)
    counts = statement(found, PHQ9, cohort(), known_at=KNOWN, locks=()).counts["counts"]
    left_out = {why: counts["excluded"][why] for why in excluded}
    return {"treated": counts["treated"], **left_out, "pending": counts["pending"]}


def test_a_small_exclusion_takes_the_next_smallest_cell_with_it() -> None:
    """§5.13: of 12, 30, 4 and 54 with the total shown, 4 and 12 are withheld."""
    row = {"no_baseline": 12, "other_route": 30, "baseline_below": 4, "other_indication": 54}
    hidden = {"no_baseline": None, "baseline_below": None}
    assert told(**row) == {"treated": 291, **row, **hidden, "pending": 23}


def test_two_small_exclusions_hide_each_other_unless_their_sum_is_small_too() -> None:
    hidden = {"no_baseline": None, "other_route": None}
    assert told(no_baseline=6, other_route=7) == {"treated": 204, **hidden, "pending": 23}
    assert told(no_baseline=4, other_route=3) == {"treated": 198, **hidden, "pending": None}
    assert told(pending=0, no_baseline=4, other_route=3) == {"treated": None, **hidden, "pending": 0}


@pytest.mark.parametrize(
    ("ratio", "shown"), [(0.696, "69 %"), (0.7, "70 %"), (0.704, "71 %"), (0.4226, "42 %")]
)
def test_whole_per_cent_never_cross_the_claim(ratio: float, shown: str) -> None:
    assert percent(ratio, 0.7) == shown


def test_the_appendix_has_every_minimum_disclosure_of_section_7() -> None:
    made = statement(worked(), PHQ9, cohort(), known_at=KNOWN, locks=())
    said = "\n".join(part.text for part in made.appendix)
    for disclosure in (
        worked().sentence,
        "30 June 2026",
        "Courses treated: 240; eligible: 191; window still open: 23; window closed: 168.",
        "no score before the first infusion: 49",
        "47 of 168. They count as no response.",
        "Wilson score interval",
        "at worst 42 % (95 % interval 35 to 50 %); at best 71 % (95 % interval 63 to 77 %)",
        "Contradicted",
        "In trials, 9.4 to 52 % of people given the comparison treatment responded.",
        "Uncontrolled",
        made.data_hash,
    ):
        assert disclosure in said, disclosure


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        (Tally(121, 71, 106, 61, 47, 10, 23), "could hold only if those not scored in time did better"),
        (Tally(121, 40, 106, 30, 47, 10, 23), "below 70 % even if everybody not scored in time did"),
        (Tally(168, 71, 140, 60, 0, 0, 23), "and nobody counted is without a score"),
    ],
)
def test_contradicted_says_whether_the_unseen_could_have_changed_it(tally: Tally, said: str) -> None:
    made = statement(counted(tally), PHQ9, cohort(), known_at=KNOWN, locks=())
    assert said in next(part.text for part in made.appendix if part.title == "The advertised rate")


def lock(number: int, question: Estimand) -> Lock:
    when = KNOWN.replace(hour=number)
    return Lock(number, None, canonical(question), question_hash(question), when, "ada", "it looks better")


def test_a_statement_says_what_was_locked_and_what_was_locked_before_it() -> None:
    asked = Estimand.of(PHQ9, treatment_resistant="any", window="end_of_induction")
    other = replace(asked, missing=Missing.OBSERVED)
    elsewhere = replace(asked, scale="gad7")

    def told(*locks: Lock) -> str:
        found = answer(cohort(), asked, PHQ9, Claim(), as_of=DAY)
        made = statement(found, PHQ9, cohort(), known_at=KNOWN, locks=locks)
        return next(part.text for part in made.appendix if part.title == "Fixed beforehand")

    assert "exploratory" in told()
    assert told(lock(1, asked)) == (
        "This question was locked on 30 June 2026 at 01:15 UTC. No other question was locked before it."
    )
    changed = told(lock(1, other), lock(2, elsewhere), lock(3, asked))
    assert "Locked before it: (30 June 2026 at 01:15 UTC)" in changed
    assert other.sentence(PHQ9) in changed
    assert "a question on another scale, gad7" in changed
    assert "it looks better" not in changed
    assert told(lock(1, asked), lock(2, other)).startswith(
        "Exploratory: not the question locked on 30 June 2026"
    )


def test_the_hash_is_the_same_on_every_engine_and_whatever_the_order() -> None:
    frame, asked = cohort(), golden().question
    question = Estimand.from_question(asked)
    with duckdb.connect() as connection:
        engines = {
            "polars": frame,
            "reversed": frame.reverse(),
            "lazy": frame.lazy(),
            "pandas": frame.to_pandas(),
            "arrow-backed pandas": frame.to_pandas(use_pyarrow_extension_array=True),
            "duckdb": connection.from_arrow(frame.to_arrow()),
        }
        found = answer(frame, question, PHQ9, Claim(), as_of=DAY)
        hashes = {name: data_hash(found, PHQ9, each, known_at=KNOWN) for name, each in engines.items()}
    assert set(hashes.values()) == {golden().data_hash}, hashes


def test_half_a_character_asked_about_is_refused_before_it_is_hashed() -> None:
    with pytest.raises(QuestionError, match="clinician is a text; got"):
        Estimand.from_question({**golden().question, "clinician": "\ud800"})


def test_the_hash_does_not_change_with_the_product() -> None:
    """Pinned: statements in circulation are verified by it."""
    assert golden().data_hash == "701820caa5389d229232d2e84bad0486058facc9f5ace2867f61369134fd2cdc"


def test_one_point_of_one_score_is_another_hash() -> None:
    import polars as pl  # noqa: PLC0415

    frame = cohort().with_columns(
        end_of_induction_endpoint=pl.when(pl.col("course_id") == 3)
        .then(18)
        .otherwise(pl.col("end_of_induction_endpoint"))
    )
    question = Estimand.from_question(golden().question)
    found = answer(frame, question, PHQ9, Claim(), as_of=DAY)
    assert data_hash(found, PHQ9, frame, known_at=KNOWN) != golden().data_hash


@pytest.mark.parametrize("write", [as_text, as_html, as_json])
def test_every_file_carries_its_seal_and_confirms_itself(write: object) -> None:
    made = golden(Estimand.of(PHQ9, treatment_resistant="any", site=MARKUP))
    text = write(made)  # type: ignore[operator]
    assert seal_of(text) == made.seal
    assert not list(differences(text, made))
    assert not list(differences(text.replace("\n", "\r\n"), made))


@pytest.mark.parametrize("write", [as_text, as_html, as_json])
def test_a_number_changed_by_hand_is_named(write: object) -> None:
    made = statement(worked(), PHQ9, cohort(), known_at=KNOWN, locks=())
    forged = write(made).replace("71 (42 %)", "118 (70 %)")  # type: ignore[operator]
    assert "the sentence is" in next(differences(forged, made))


def test_the_page_is_escaped_and_runs_nothing() -> None:
    page = as_html(golden(Estimand.of(PHQ9, treatment_resistant="any", site=MARKUP)))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page


@pytest.mark.parametrize(
    "text",
    [
        *("", "hello", "{}", "[1]", "{", '{"seventy-statement": 3}', "seventy-statement: {x}"),
        *("<!doctype html>", f'{{"a": {"1" * 5000}}}', f"seventy-statement: {{{'[' * 5000}}}"),
    ],
)
def test_what_is_no_statement_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotAStatementError):
        seal_of(text)
