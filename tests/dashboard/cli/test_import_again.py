"""`seventy import`: a file brought again, and answers that raise an alert."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import seventy

SCORES = "mrn,scale,assessed_at,total,suicide_item\n"


@pytest.fixture(name="db")
def _db(begun: str) -> str:
    """A record in which nothing is recorded yet."""
    return begun


def test_a_file_again_says_when_and_by_whom_it_was_imported(db: str, tmp_path: Path) -> None:
    scores = tmp_path / "scores.csv"
    scores.write_text(SCORES + "7,phq9,2025-03-03,9,\n")
    seventy("import", scores, db=db)
    again = tmp_path / "again.csv"
    again.write_bytes(scores.read_bytes())
    run = seventy("import", again, "--dry-run", "--json", db=db)
    (before,) = run.document["imported_before"]
    assert (before["file"], before["new"]) == ("again.csv", 0)
    assert before["by"].startswith("seventy import, ")
    day = datetime.fromisoformat(before["at"]).date()
    assert f"again.csv: this file was imported on {day} at " in run.err
    assert f" by {before['by']}: 0 new" in run.err


@pytest.mark.parametrize(("options", "did"), [(("--dry-run",), "would raise"), ((), "raised")])
def test_answers_about_suicide_are_told_with_how_many_raise_an_alert(
    db: str, tmp_path: Path, options: tuple[str, ...], did: str
) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(SCORES + "7,phq9,2025-03-03,9,2\n8,phq9,2025-03-03,9,0\n")
    run = seventy("import", path, *options, "--json", db=db)
    assert run.document["alerts"] == 1
    assert f"1 answer about suicide {did} an alert. Nobody watches this in real time." in run.err


@pytest.mark.parametrize("options", [("--dry-run",), ()])
def test_infusions_before_every_course_are_named_and_do_not_fail_the_import(
    db: str, tmp_path: Path, options: tuple[str, ...]
) -> None:
    (tmp_path / "c.csv").write_text("mrn,started_on\n7,2025-03-03\n")
    days = "".join(f"7,2024-03-{day:02}\n" for day in range(1, 26))
    (tmp_path / "i.csv").write_text("mrn,given_at\n" + days)
    run = seventy("import", tmp_path / "c.csv", tmp_path / "i.csv", *options, "--json", db=db)
    assert run.status == 0
    early = run.document["early_infusions"]
    assert (early["count"], len(early["listed"])) == (25, 25)
    assert (
        "early: i.csv, line 2: patient 7: given on 2024-03-01, before the first course, "
        "which starts on 2025-03-03\n"
    ) in run.err
    assert run.err.count("early: ") == 20
    assert "25 infusions are before every course of their patients. Taken all the same" in run.err


def test_the_day_a_recorded_course_starts_is_a_reading_of_its_patient(db: str, tmp_path: Path) -> None:
    courses, doses = tmp_path / "c.csv", tmp_path / "i.csv"
    courses.write_text("mrn,started_on\n7,2025-03-03\n")
    doses.write_text("mrn,given_at\n7,2024-03-03\n")
    seventy("import", courses, db=db)
    seventy("import", doses, db=db)
    (reading,) = (each for each in told(db) if each["action"] == "read")
    assert (reading["subject"], reading["detail"]["patients"]) == ("conflicts of an import", [1])


@pytest.mark.parametrize(("role", "told"), [("clinician", "Adler"), ("administrator", "another value")])
def test_an_account_is_told_what_is_recorded_only_where_it_may_read_it(
    db: str, tmp_path: Path, role: str, told: str
) -> None:
    first, second = tmp_path / "p.csv", tmp_path / "q.csv"
    first.write_text("mrn,family_name\n1,Adler\n")
    second.write_text("mrn,family_name\n1,Bakke\n")
    seventy("import", first, db=db)
    seventy("user", "add", "ada", "--name", "Ada", "--role", role, db=db)
    run = seventy("--as", "ada", "import", second, "--json", db=db)
    (conflict,) = run.document["conflicts"]
    assert conflict["fields"] == {"family_name": {"stored": told, "given": "Bakke"}}
    assert f"family_name is recorded as {told}, the file says Bakke" in run.err


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
@pytest.mark.parametrize(("form", "shown"), [((), 20), (("--json",), 30)])
def test_conflicts_that_were_told_are_one_reading_which_the_patient_is_found_by(
    db: str, tmp_path: Path, options: tuple[str, ...], form: tuple[str, ...], shown: int
) -> None:
    first, second = tmp_path / "p.csv", tmp_path / "q.csv"
    for path, name in ((first, "Adler"), (second, "Bakke")):
        path.write_text("mrn,family_name\n" + "".join(f"{mrn},{name}\n" for mrn in range(1, 31)))
    seventy("import", first, db=db)
    seventy("import", second, *options, *form, db=db)
    (reading,) = (each for each in told(db) if each["action"] == "read")
    assert (reading["subject"], reading["detail"]["patients"]) == ("conflicts of an import", [f"1-{shown}"])
    assert reading in told(db, "--patient", str(shown))
    assert reading not in told(db, "--patient-id", str(shown + 1))


@pytest.mark.parametrize(("form", "shown"), [((), 20), (("--json",), 30), (("--rejects", "r.csv"), 30)])
def test_refusals_that_tell_what_is_recorded_are_a_reading_of_these_patients(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...], shown: int
) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = tmp_path / "p.csv", tmp_path / "s.csv"
    numbers = [f"{mrn}" for mrn in range(1, 31)]
    first.write_text("mrn,birth_date\n" + "".join(f"{mrn},2005-05-04\n" for mrn in numbers))
    rows = "".join(f"{mrn},phq9,2001-01-01,9,\n" for mrn in numbers)
    second.write_text(SCORES + rows)
    seventy("import", first, db=db)
    run = seventy("import", second, *form, db=db)
    assert run.err.count("after the patient's birth, 2005-05-04") == 20
    (reading,) = (each for each in told(db) if each["action"] == "read")
    assert (reading["subject"], reading["detail"]["patients"]) == ("conflicts of an import", [f"1-{shown}"])


def told(db: str, *which: str) -> list[dict[str, Any]]:
    """The events `seventy audit` lists."""
    return [
        {name: event[name] for name in ("action", "subject", "detail")}
        for event in seventy("audit", "--json", *which, db=db).document
    ]
