"""What leaves the clinic: the statement as text, page and data says what the command line says, or less."""

import json
import re
from html import unescape
from typing import Any

import pytest

from tests.support.doors import ENDINGS, Clinic, rate_in
from tests.support.written import Pen

SMALL = range(1, 11)
"""§5.13: no count of 1 to 10 leaves the clinic, nor one it could be worked out from."""


def is_small(rate: dict[str, Any]) -> bool:
    return bool({rate["numerator"], rate["denominator"] - rate["numerator"], rate["denominator"]} & {*SMALL})


def text_of(clinic: Clinic, ending: str) -> str:
    """A statement as somebody reads it: without markup and without its seal."""
    made = clinic.statements[ending]
    if ending == "json":
        document = json.loads(made)
        made = "\n".join([document["sentence"], *(part["text"] for part in document["appendix"])])
    read = unescape(re.sub(r"<(style|head)>.*?</\1>|<[^>]+>", " ", made, flags=re.DOTALL))
    return " ".join(re.sub(r"(?m)^seventy-statement: .*$", "", read).split())


def test_the_pages_files_are_the_command_lines(clinic: Clinic) -> None:
    day = clinic.answer["as_of"]
    for ending in ENDINGS:
        assert clinic.pages.file(f"statement-{day}.{ending}").decode() == clinic.statements[ending]


def test_its_data_are_the_answers_but_for_what_is_withheld(clinic: Clinic) -> None:
    document = json.loads(clinic.statements["json"])
    published, answer = document["answer"], clinic.answer
    assert document["withheld"] is is_small(answer)
    if document["withheld"]:
        assert rate_in(published) == dict.fromkeys(rate_in(answer))
        assert {*published["counts"].values()} == {None}
        assert document["verdict"] is published["claim"]["verdict"] is None
        return
    assert rate_in(published) == rate_in(answer)
    assert document["verdict"] == published["claim"]["verdict"] == answer["claim"]["verdict"]
    told, own = published["counts"].pop("excluded"), answer["counts"].pop("excluded")
    for given, true in ((told, own), (published["counts"], answer["counts"])):
        assert given.keys() == true.keys()
        assert all(number in (None, true[name]) for name, number in given.items())
        assert not {*given.values()} & {*SMALL}


def test_its_seal_names_question_day_moment_and_claim(clinic: Clinic) -> None:
    seal, answer = json.loads(clinic.statements["json"])["seventy-statement"], clinic.answer
    assert (seal["question"], seal["as_of"], seal["known_at"]) == (
        answer["question"],
        answer["as_of"],
        answer["known_at"],
    )
    assert seal["claim"] == answer["claim"]["rate"]
    for ending in ENDINGS:
        assert seal["data_hash"] in clinic.statements[ending]


@pytest.mark.parametrize("ending", ENDINGS)
def test_its_sentence_has_the_rate_and_the_interval(clinic: Clinic, ending: str) -> None:
    text, answer = text_of(clinic, ending), clinic.answer
    pen = Pen(answer["claim"]["rate"], 0)
    rate = f"{answer['numerator']:,} ({pen.percent(answer['ratio'])})"
    within = f"95 % interval {pen.span(answer).replace('–', ' to ')}"
    if is_small(answer):
        assert rate not in text
        assert within not in text
        assert "withheld" in text
        return
    assert f"Of {answer['denominator']:,} people" in text
    assert f", {rate} had" in text
    assert f"({within})" in text


@pytest.mark.parametrize("ending", ENDINGS)
def test_its_bounds_are_those_of_the_missing(clinic: Clinic, ending: str) -> None:
    text, missing = text_of(clinic, ending), clinic.claim["missing"]
    pen = Pen(clinic.answer["claim"]["rate"], 0)
    counts = clinic.answer["counts"]
    hidden = is_small(clinic.answer) or counts["missing"] in SMALL or counts["observed"] in SMALL
    named = {"at worst": "worst_case", "at best": "best_case", "scored again alone": "observed"}
    for words, way in named.items():
        rate = missing[way]
        told = f"{words} {pen.percent(rate['ratio'])} (95 % interval {pen.span(rate).replace('–', ' to ')})"
        assert (told in text) is not (hidden or is_small(rate))
