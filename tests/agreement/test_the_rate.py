"""Rate, Wilson interval, counts and verdict: on the Claim page, from the command line, and in the files."""

import pytest

from tests.support.doors import EXPLORED, Clinic, figure_in, lines_of, numbers_of, rate_in
from tests.support.plain_verdict import plain_verdict
from tests.support.written import FEW, of

STATUSES = ("pending", "observed", "missing")
BADGES = {
    "supported": "Our record supports the claim",
    "contradicted": "Our record contradicts the claim",
    "too_few": "Too few to say",
    "inconclusive": "Cannot tell",
}


def test_claim_check_and_grid_give_one_answer(clinic: Clinic) -> None:
    assert clinic.check == clinic.answer
    assert clinic.asked() == clinic.answer


def test_the_rate_and_its_interval_are_the_same_on_the_page_and_in_its_file(clinic: Clinic) -> None:
    rate = rate_in(clinic.answer)
    assert of(rate) in clinic.pages.words.replace("**", "").replace("of the ", "of ")
    assert clinic.pages.column("Outcome", "Rate")[0] == clinic.pen.full(rate)
    if rate["denominator"] >= FEW:
        assert f"anywhere from {clinic.pen.span(rate).replace('–', ' to ')}" in clinic.pages.words
    assert next(iter(clinic.exported("benefit and harm").values())) == rate
    assert clinic.exported("interval")["wilson"] == rate


def test_without_json_the_command_says_what_the_page_says(clinic: Clinic) -> None:
    counts, lines = clinic.answer["counts"], clinic.told.splitlines()
    badge, title = BADGES[clinic.answer["claim"]["verdict"]], clinic.pages.title
    assert (title if title.endswith(f"{badge}.") else f"{badge}: {title}") in lines
    assert clinic.told.count("Too few to say") <= 1
    numbers = {" ".join(line.split()[:-1]): line.split()[-1] for line in lines if line}
    assert numbers["treated"] == str(counts["treated"])
    assert numbers["eligible"] == str(counts["eligible"])
    flow = ("window still open", "scored in the window", "window closed, no score")
    assert [numbers[words] for words in flow] == [str(counts[status]) for status in STATUSES]


def test_everyone_treated_is_somewhere_and_at_every_door_in_the_same_place(clinic: Clinic) -> None:
    counts = clinic.answer["counts"]
    excluded = counts["excluded"]
    assert counts["treated"] == sum(excluded.values()) + counts["eligible"]
    assert counts["eligible"] == sum(counts[status] for status in STATUSES)
    left_out, eligible = clinic.exported("left out"), clinic.exported("eligible")
    assert {why: row["numerator"] for why, row in left_out.items()} == excluded
    assert {status: row["numerator"] for status, row in eligible.items()} == {
        status: counts[status] for status in STATUSES
    }
    where = clinic.pages.column("Courses", "Number")
    named = [counts["treated"], *filter(None, excluded.values()), *(counts[status] for status in STATUSES)]
    assert where == [f"{number:,}" for number in named]
    left = [int(number) for number in clinic.pages.column("Step", "Left out")]
    remaining = [int(number) for number in clinic.pages.column("Step", "Remaining")]
    assert left == [0, *excluded.values(), counts["pending"]]
    assert (remaining[0], remaining[-1]) == (counts["treated"], counts["observed"] + counts["missing"])


def test_the_verdict_is_what_the_grids_own_rates_give_by_the_rule(clinic: Clinic) -> None:
    claim, counts = clinic.answer["claim"], clinic.answer["counts"]
    seen = {way: clinic.asked(missing=way) for way in ("non_responder", "observed", "best_case")}
    assert plain_verdict(seen, counts, claim["rate"]) == (claim["verdict"], claim["reason"])
    assert BADGES[claim["verdict"]] in clinic.pages.words


@pytest.mark.parametrize(("place", "parts"), [*enumerate(EXPLORED)])
def test_any_other_question_has_the_grids_answer_on_the_page_too(
    clinic: Clinic, place: int, parts: dict[str, str]
) -> None:
    lines, answer = lines_of(clinic.pages.explored[place]), clinic.asked(**parts)
    assert next(iter(figure_in(lines, "benefit and harm").values())) == rate_in(answer)
    assert {line["question"] for line in lines if line["figure"] == "eligible"} == {answer["sentence"]}
    for way, rate in figure_in(lines, "a missing score counts as").items():
        assert rate == rate_in(clinic.asked(**{**parts, "missing": way}))
    left_out, eligible = (figure_in(lines, figure) for figure in ("left out", "eligible"))
    counts = answer["counts"]
    assert {why: row["numerator"] for why, row in left_out.items()} == counts["excluded"]
    assert all(row["numerator"] == counts[status] for status, row in eligible.items())


@pytest.mark.parametrize(("place", "parts"), [*enumerate(EXPLORED)])
def test_claim_answers_any_other_question_whole_and_marks_it(
    clinic: Clinic, place: int, parts: dict[str, str]
) -> None:
    """Any baseline is no gate, written 0 as an option: the numbers are those of the grid without one."""
    lines, told, answer = (
        lines_of(clinic.pages.explored[place]),
        clinic.explored[place],
        clinic.asked(**parts),
    )
    assert (told["exploratory"], clinic.claim["exploratory"]) == (True, False)
    assert {**told["answer"], "question": answer["question"], "known_at": ""} == {**answer, "known_at": ""}
    assert told["missing"]["worst_case"] == rate_in(clinic.asked(**{**parts, "missing": "worst_case"}))
    for way, rate in figure_in(lines, "a missing score counts as").items():
        assert rate == told["missing"][way]
    for name, limits in figure_in(lines, "interval").items():
        assert (limits["low"], limits["high"]) == tuple(told["certainty"]["intervals"][name].values())
    quarters = {each["starts_on"]: rate_in(each) for each in told["quarters"]}
    assert quarters == figure_in(lines, "quarter from")


def test_a_spreadsheet_counts_the_rate_again_from_the_list_of_courses(clinic: Clinic) -> None:
    rows, answer = clinic.roll(), clinic.answer
    assert len(rows) == answer["counts"]["treated"]
    counted = rows[rows["counted"] == 1]
    assert (counted["met"].sum(), len(counted)) == (answer["numerator"], answer["denominator"])
    assert counted["met"].mean() == pytest.approx(answer["ratio"], abs=0, rel=1e-15)
    stands = rows["standing"].value_counts()
    for why, number in (*answer["counts"]["excluded"].items(), *((s, answer["counts"][s]) for s in STATUSES)):
        assert stands.get(why, 0) == number


def test_the_list_of_courses_shows_the_scores_that_decide(clinic: Clinic) -> None:
    """The locked questions ask for response: half the baseline or less, and no score is no response."""
    assert clinic.answer["question"]["outcome"] == "response"
    assert clinic.answer["question"]["missing"] == "non_responder"
    counted = clinic.roll().query("counted == 1")
    met = 2 * counted["endpoint"] <= counted["baseline"]  # of no endpoint: not met
    assert met.astype(int).tolist() == counted["met"].tolist()
    assert counted["endpoint"].isna().sum() == clinic.answer["counts"]["missing"]


def test_by_quarter_the_windows_add_up_to_the_rate(clinic: Clinic) -> None:
    told, rows = clinic.claim["quarters"], clinic.exported("quarter from")
    assert {each["starts_on"]: rate_in(each) for each in told} == rows
    assert clinic.pages.column("Window closed in", "Rate") == [clinic.pen.full(each) for each in told]
    still_open = [int(each) for each in clinic.pages.column("Window closed in", "Still open")]
    assert still_open == [each["pending"] for each in told]
    assert sum(each["numerator"] for each in told) == clinic.answer["numerator"]
    assert sum(each["denominator"] for each in told) == clinic.answer["denominator"]
    assert sum(still_open) == clinic.answer["counts"]["pending"]


def test_no_number_of_the_file_is_without_its_day_and_its_question(clinic: Clinic) -> None:
    lines = clinic.pages.lines("seventy-2")
    assert {line["as_of"] for line in lines} == {clinic.answer["as_of"]}
    assert all(line["question"].startswith(clinic.answer["sentence"].split()[0]) for line in lines)
    rates = [rate for rate in map(numbers_of, lines) if rate["denominator"] and rate["low"] is not None]
    assert all(rate["low"] <= rate["ratio"] <= rate["high"] for rate in rates)


@pytest.mark.parametrize("clinic", ["real"], indirect=True)
def test_claim_gives_the_real_scores_a_week_after_what_was_counted_by_hand(clinic: Clinic) -> None:
    (told,) = (
        each["answer"] for each in clinic.explored if each["answer"]["question"]["baseline_at_least"] == 0
    )
    question = told["question"]
    assert (question["scale"], question["window"], question["missing"]) == ("hamd17", "d7", "observed")
    assert question["treatment_resistant"] == "any"
    assert (told["numerator"], told["denominator"]) == (5, 65)


@pytest.mark.parametrize("clinic", ["real"], indirect=True)
@pytest.mark.parametrize(("outcome", "met"), [("response", 5), ("remission", 0)])
def test_a_week_after_the_real_scores_give_what_was_counted_by_hand(
    clinic: Clinic, outcome: str, met: int
) -> None:
    of_seen, of_everyone = (
        clinic.asked(outcome=outcome, window="d7", missing=way) for way in ("observed", "non_responder")
    )
    assert (of_seen["numerator"], of_seen["denominator"]) == (met, 65)
    assert (of_everyone["numerator"], of_everyone["denominator"]) == (met, 66)
