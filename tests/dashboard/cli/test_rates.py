"""`seventy check` and `seventy grid`: the interface's document, options and refusals."""

import csv
from itertools import product
from pathlib import Path

import pytest

from tests.dashboard.conftest import TIMELINE
from tests.support.command import Run, seventy

AS_OF = ("--as-of", "2026-01-31")


def test_every_line_of_the_golden_timeline_is_answered(golden: str) -> None:
    run = seventy("grid", *AS_OF, "--treatment-resistant", "any", "--json", db=golden)
    assert run.status == 0
    answered = {
        (
            one["question"]["outcome"],
            one["question"]["window"],
            one["question"]["missing"],
            one["question"]["baseline_at_least"] or 0,
        ): (one["numerator"], one["denominator"])
        for one in run.document
    }
    with (TIMELINE / "expected.csv").open(encoding="utf-8") as text:
        expected = {
            (row["outcome"], row["window"], row["missing"], int(row["baseline_at_least"])): (
                int(row["numerator"]),
                int(row["denominator"]),
            )
            for row in csv.DictReader(text)
        }
    assert len(expected) == 960
    assert answered == expected


def test_the_document_is_the_interfaces(golden: str) -> None:
    question = ("--window", "end_of_induction", "--treatment-resistant", "any", *AS_OF)
    document = seventy("check", *question, "--json", db=golden).document
    sentence, known_at = document.pop("sentence"), document.pop("known_at")
    assert sentence.startswith("PHQ-9 response")
    assert "at end of induction" in sentence
    assert " among " in sentence
    assert known_at.endswith("Z")
    ratios = {name: round(document.pop(name), 6) for name in ("ratio", "low", "high")}
    assert ratios == {"ratio": 0.555556, "low": 0.337164, "high": 0.754405}
    excluded = ("later_course", "outside_period", "other_indication", "other_route", "no_baseline")
    assert document == {
        "question": {
            "scale": "phq9",
            "outcome": "response",
            "window": "end_of_induction",
            "missing": "non_responder",
            "baseline_at_least": 10,
            "treatment_resistant": "any",
            "first_course": True,
            "indication": ["depression", "bipolar_depression"],
            "route": "any",
            "started_from": None,
            "started_to": None,
            "clinician": None,
            "site": None,
        },
        "as_of": "2026-01-31",
        "numerator": 10,
        "denominator": 18,
        "counts": {
            "treated": 20,
            "eligible": 18,
            "pending": 0,
            "observed": 15,
            "missing": 3,
            "excluded": {
                **dict.fromkeys(excluded, 0),
                "baseline_below": 2,
                "baseline_zero": 0,
                "resistance_other": 0,
                "resistance_unknown": 0,
            },
        },
        "warnings": [],
        "claim": {"rate": 0.70, "verdict": "too_few", "reason": None},
    }


def test_the_same_question_as_known_then_has_the_same_answer_for_ever(golden: str, tmp_path: Path) -> None:
    first = seventy("check", *AS_OF, "--json", db=golden).document
    later = tmp_path / "later.csv"
    later.write_text("mrn,given_at,route\nG99,2025-03-03T09:00,iv\n")
    assert seventy("import", later, db=golden).status == 0
    now = seventy("check", *AS_OF, "--json", db=golden).document
    then = seventy("check", *AS_OF, "--known-at", first["known_at"], "--json", db=golden).document
    assert now["counts"]["treated"] == first["counts"]["treated"] + 1
    assert then == first


def test_nobody_counted_is_null_and_not_a_rate_of_nought(golden: str) -> None:
    document = seventy("check", "--site", "nowhere", *AS_OF, "--json", db=golden).document
    assert (document["numerator"], document["denominator"]) == (0, 0)
    assert [document[name] for name in ("ratio", "low", "high")] == [None, None, None]


def test_a_person_reads_the_sentence_the_verdict_and_where_everybody_went(golden: str) -> None:
    run = seventy("check", "--treatment-resistant", "any", *AS_OF, db=golden)
    assert run.status == 0
    assert "PHQ-9 response" in run.out
    assert "Too few to say" in run.out
    assert "baseline below the limit" in run.out


def test_a_grid_without_a_gate_has_one_gate(golden: str) -> None:
    run = seventy("grid", "--baseline-at-least", 0, *AS_OF, "--json", db=golden)
    assert len(run.document) == 480
    assert {one["question"]["baseline_at_least"] for one in run.document} == {None}


def test_a_grid_names_what_the_scale_does_not_define(golden: str) -> None:
    run = seventy("grid", "--scale", "hamd17", *AS_OF, db=golden)
    assert run.status == 0
    assert "HAM-D17 does not define mcid" in run.err
    assert run.out.splitlines()[0].split() == ["outcome", "window", "missing", "baseline", "met", "of", "%"]


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        ((), "baseline_at_least", 10),
        (("--scale", "gad7"), "baseline_at_least", 8),
        (("--scale", "madrs"), "baseline_at_least", None),
        (("--baseline-at-least", "0"), "baseline_at_least", 0),
        (("--baseline-at-least", "12"), "baseline_at_least", 12),
        (("--baseline-at-least", "12.0"), "baseline_at_least", 12),
        (("--all-courses",), "first_course", False),
        (("--indication", "ptsd, pain"), "indication", ["ptsd", "pain"]),
        (("--indication", "any"), "indication", ["any"]),
        (("--route", "intranasal"), "route", "intranasal"),
        (("--started-from", "2025-03-01", "--started-to", "2025-03-31"), "started_to", "2025-03-31"),
        (("--clinician", "Dr Roe"), "clinician", "Dr Roe"),
    ],
)
def test_an_option_becomes_the_question(
    golden: str, options: tuple[str, ...], field: str, value: object
) -> None:
    run = seventy("check", *options, *AS_OF, "--json", db=golden)
    assert run.status == 0, run.err
    assert run.document["question"][field] == value


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--outcome", "cured"), "partial_response"),
        (("--window", "w8"), "end_of_induction"),
        (("--missing", "ignore"), "non_responder"),
        (("--route", "rectal"), "intranasal"),
        (("--treatment-resistant", "maybe"), "'any'"),
        (("--indication", "migraine"), "bipolar_depression"),
        (("--scale", "phq99"), "known are phq9"),
        (("--scale", "pcl5"), "response is not defined for PCL-5; defined are"),
        (("--baseline-at-least", "28"), "PHQ-9 runs from 0 to 27"),
        (("--baseline-at-least", "ten"), "must be a number"),
        (("--claim", "70"), "between 0 and 1"),
        (("--as-of", "31.01.2026"), "written as 2026-01-31"),
        (("--started-from", "2025-04-01", "--started-to", "2025-03-01"), "--started-to is on or after"),
        (("--known-at", "2026-01-31"), "has no time"),
        (("--known-at", "noon"), "is not a date"),
        (("--known-at", "2999-01-01T00:00Z"), "lies in the future"),
    ],
)
def test_a_question_that_cannot_be_asked_says_what_can(
    golden: str, options: tuple[str, ...], said: str
) -> None:
    run: Run = seventy("check", *options, "--json", db=golden)
    assert run.status == 2
    assert said in run.err
    assert said in run.document["error"]
    assert run.document["exit_status"] == 2


@pytest.mark.parametrize("command", ["check", "grid", "claim"])
@pytest.mark.parametrize(("option", "known"), [("clinician", "'Dr Moe', 'Dr Roe'"), ("site", "'North'")])
def test_a_name_that_no_course_has_is_refused_with_those_there_are(
    golden: str, named: str, command: str, option: str, known: str
) -> None:
    run = seventy(command, f"--{option}", "Dr Ro", *AS_OF, "--json", db=named)
    assert run.status == 2
    said = f"--{option} 'Dr Ro': no course in the record has it; known are {known}"
    assert said in run.err
    assert run.document["error"] == said
    unnamed = seventy(command, f"--{option}", "Dr Ro", *AS_OF, "--json", db=golden)
    assert unnamed.status == 0
    assert f"--{option} 'Dr Ro': no course in the record says its {option}." in unnamed.err


def test_a_name_the_record_has_is_asked_of_and_a_great_many_are_not_all_listed(
    named: str, tmp_path: Path
) -> None:
    run = seventy("check", "--clinician", "Dr Roe", "--site", "North", *AS_OF, db=named)
    assert (run.status, run.err) == (0, "")
    more = tmp_path / "more.csv"
    more.write_text(
        "mrn,started_on,site\n" + "".join(f"{each},2025-03-03,S{each}\n" for each in range(10, 30))
    )
    db = f"sqlite:///{tmp_path}/many.db"
    assert seventy("import", more, db=db).status == 0
    assert "'S18', 'S19' and 10 more\n" in seventy("check", "--site", "S1", db=db).err


@pytest.fixture(name="named")
def _named(tmp_path: Path) -> str:
    """A record whose courses have clinicians and a site."""
    path, db = tmp_path / "courses.csv", f"sqlite:///{tmp_path}/named.db"
    path.write_text(
        "mrn,started_on,clinician,site\n1,2025-03-03,Dr Roe,North\n2,2025-03-03,Dr Moe,\n3,2025-03-03,,\n"
    )
    assert seventy("import", path, db=db).status == 0
    return db


def test_a_baseline_is_given_as_people_write_it(golden: str) -> None:
    question = ("--scale", "promis_depression", "--outcome", "remission", "--baseline-at-least", "60.5")
    document = seventy("check", *question, *AS_OF, "--json", db=golden).document
    assert document["question"]["baseline_at_least"] == 60.5


@pytest.mark.parametrize(
    ("outcome", "window", "missing"), list(product(["remission"], ["m3"], ["last_carried", "best_case"]))
)
def test_check_and_grid_give_the_same_answer(golden: str, outcome: str, window: str, missing: str) -> None:
    options = ("--outcome", outcome, "--window", window, "--missing", missing)
    one = seventy("check", *options, *AS_OF, "--json", db=golden).document
    every = seventy("grid", *AS_OF, "--json", db=golden).document
    assert one in every
