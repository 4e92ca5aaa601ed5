"""`seventy claim`: the locked question answered whole, and the same numbers as the other commands give."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.conftest import TIMELINE
from tests.support.command import seventy

AS_OF = ("--as-of", "2026-01-31")


@pytest.fixture(name="db")
def _db(golden: str) -> str:
    return golden


@pytest.fixture(name="whole", scope="module")
def _whole(_golden: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What it tells in JSON, asked once: nobody changes it."""
    folder = shutil.copytree(_golden, tmp_path_factory.mktemp("whole"), dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEVENTY_KEY_FILE", str(folder / "seventy.key"))
        run = seventy("claim", *AS_OF, "--json", db=f"sqlite:///{folder}/record.db")
    assert run.status == 0
    return run.document


def test_it_answers_the_locked_question_as_check_does(db: str, whole: Any) -> None:
    checked = seventy("check", *AS_OF, "--route", "iv", "--json", db=db).document
    assert {**whole["answer"], "known_at": ""} == {**checked, "known_at": ""}
    assert whole["locks"][0]["question"] == checked["question"]
    assert whole["advertised"]["rate"] == 0.7


def test_another_question_is_the_one_check_answers_with_the_same_options_and_is_exploratory(
    db: str, whole: Any
) -> None:
    asked = ("--window", "end_of_induction", "--missing", "observed", *AS_OF)
    told = seventy("claim", *asked, "--json", db=db).document
    checked = seventy("check", *asked, "--json", db=db).document
    assert {**told["answer"], "known_at": ""} == {**checked, "known_at": ""}
    assert (told["exploratory"], whole["exploratory"]) == (True, False)
    assert seventy("claim", *asked, db=db).out.startswith("Exploratory: not the locked question.\n\n")
    assert "Exploratory" not in seventy("claim", *AS_OF, db=db).out


def test_the_help_does_not_say_that_the_locked_question_is_of_any_route() -> None:
    said = " ".join(seventy("claim", "--help").out.split())
    assert "[default: any]" not in said
    assert "Default: any; the locked question has its own." in said


def test_the_locked_question_asked_by_its_options_is_not_exploratory(db: str, whole: Any) -> None:
    told = seventy("claim", *AS_OF, "--route", "iv", "--json", db=db).document
    assert told["exploratory"] is False
    assert {**told["answer"], "known_at": ""} == {**whole["answer"], "known_at": ""}


def test_the_statement_of_another_question_says_so_and_is_confirmed(db: str, tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    run = seventy("claim", *AS_OF, "--window", "end_of_induction", "--statement", path, db=db)
    assert run.status == 0
    assert "Exploratory: not the question" in path.read_text(encoding="utf-8")
    assert seventy("check", "--verify", path, db=db).out == "confirmed\n"


def test_the_steps_the_bounds_and_the_odds_agree_with_the_counts(whole: Any) -> None:
    steps = {each["step"]: each for each in whole["staircase"]}
    own = steps["window"]
    assert (own["numerator"], own["denominator"]) == (
        whole["answer"]["numerator"],
        whole["answer"]["denominator"],
    )
    missing = whole["missing"]
    assert missing["odds_ratio"]["0"]["ratio"] == pytest.approx(missing["non_responder"]["ratio"])
    assert missing["odds_ratio"]["1"]["ratio"] == pytest.approx(missing["observed"]["ratio"])
    assert missing["identified"]["low"] == missing["non_responder"]["low"]
    assert missing["identified"]["high"] == missing["best_case"]["high"]


def test_every_way_is_of_the_grid(db: str, whole: Any) -> None:
    every = seventy("grid", *AS_OF, "--route", "iv", "--json", db=db).document
    benefits = [
        each
        for each in every
        if each["question"]["outcome"] != "deterioration"
        and each["question"]["missing"] != "worst_case"
        and each["denominator"]
    ]
    assert whole["ways"]["counted"] == len(benefits)
    assert whole["ways"]["reaching"] == sum(each["ratio"] >= 0.7 for each in benefits)


def test_who_was_counted_adds_up_and_the_sentence_is_answered_in_parts(whole: Any) -> None:
    by_route = [each for each in whole["case_mix"] if each["facet"] == "route_given"]
    assert sum(each["denominator"] for each in by_route) == whole["answer"]["denominator"]
    for middle in whole["case_mix_quartiles"]:
        assert middle["known"] + middle["unknown"] == whole["answer"]["denominator"]
    phrases = [each["phrase"] for each in whole["parts"]]
    assert phrases[0] == "people who have received ketamine"
    assert {"in hours", "suicidality", "PTSD"} <= {*phrases}
    readings = [each for each in whole["parts"] if each["phrase"] == "found relief"]
    assert [each["question"]["outcome"] for each in readings] == ["mcid", "response", "remission"]
    item = whole["suicide_item"]
    assert item["unseen"] == whole["answer"]["counts"]["missing"]
    assert item["unanswered"] == item["only_before"] + item["only_after"] + item["neither"]


def test_how_many_courses_it_takes_is_a_number_or_why_none_is_named(whole: Any) -> None:
    sure = whole["certainty"]
    assert (sure["courses_needed"] is None) is (sure["courses_never_told"] is not None)


def test_what_day_7_foretells_is_of_everybody_counted(whole: Any) -> None:
    early = whole["early_response"]
    told = [early[name] for name in ("reached", "not_reached", "unknown")]
    for part in ("numerator", "denominator"):
        assert sum(each[part] for each in told) == whole["answer"][part]


def test_published_rates_say_why_they_are_no_match(whole: Any) -> None:
    assert whole["published"]
    assert all(each["matches"] is not bool(each["mismatches"]) for each in whole["published"])


def test_of_nobody_it_says_so_without_an_interval(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/clinic.db"
    seventy("import", TIMELINE / "courses.csv", db=db)
    run = seventy("claim", *AS_OF, "--json", db=db)
    assert run.document["certainty"] is None
    assert run.document["answer"]["ratio"] is None


def test_a_person_reads_the_verdict(db: str) -> None:
    run = seventy("claim", *AS_OF, db=db)
    assert "Too few to say" in run.out


@pytest.mark.parametrize("ending", ["txt", "html", "json"])
def test_a_statement_is_written_once_and_confirmed_by_the_record(
    db: str, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"statement.{ending}"
    assert seventy("claim", *AS_OF, "--statement", path, db=db).status == 0
    confirmed = seventy("check", "--verify", path, db=db)
    assert (confirmed.status, confirmed.out) == (0, "confirmed\n")
    written = path.read_bytes()
    assert seventy("claim", *AS_OF, "--statement", path, db=db).status == 2
    assert path.read_bytes() == written


def test_a_statement_of_no_known_kind_is_refused(db: str, tmp_path: Path) -> None:
    run = seventy("claim", *AS_OF, "--statement", tmp_path / "statement.pdf", db=db)
    assert (run.status, "ends in .txt, .html, .json" in run.err) == (2, True)
