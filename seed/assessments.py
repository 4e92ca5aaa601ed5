"""The assessments of an invented clinic, with the answers they come from."""

from typing import Final

import numpy as np
import polars as pl

from models.scales import Scale, all_scales
from seed.alongside import alongside, madrs_visits
from seed.arrays import Dice, Flags, Ints, happens
from seed.cohort import Cohort
from seed.columns import dates, known, moments, words
from seed.items import Answers, draw_answers, draw_thresholds, leave_out, prorated_totals
from seed.practice import ZONE
from seed.scores import suicide_answers, totals
from seed.visits import MODES, NO_INFUSION, NO_TIME, TIMINGS, Occasion, Visits, phq9_visits

GAD7_COURSES, PCL5_COURSES = 0.45, 0.13
GAD7_ON: Final = (Occasion.INTAKE, Occasion.BASELINE, Occasion.END, Occasion.FOLLOW_UP, Occasion.LATER)
PCL5_ON: Final = (Occasion.BASELINE, Occasion.END, Occasion.LATER)
ITEM_LEFT_OUT: Final = 0.018
SUICIDE_ITEM_WRITTEN: Final = 0.8


def invent_assessments(cohort: Cohort, dice: Dice, today: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every score taken before today, and the answers of those taken item by item.

    `assessment` numbers the rows of the first frame from 0; the second refers to it. Scores of later days are
    thrown for and left out, so that tomorrow's clinic is today's with one more day.
    """
    scales = all_scales()
    phq9 = phq9_visits(cohort, dice)
    itemised = [
        (scales["phq9"], phq9),
        (scales["gad7"], alongside(phq9, GAD7_COURSES, GAD7_ON, dice)),
        (scales["pcl5"], alongside(phq9, PCL5_COURSES, PCL5_ON, dice)),
    ]
    assessments: list[pl.DataFrame] = []
    item_scores: list[pl.DataFrame] = []
    for scale, visits in itemised:
        answers = _answers(scale, visits, cohort, dice)
        missing = leave_out(answers, ITEM_LEFT_OUT, dice)
        taken = visits.day < today
        item_scores.append(_item_frame(sum(map(len, assessments)), answers[taken], missing[taken]))
        assessments.append(_itemised(scale, visits.where(taken), cohort, answers[taken], missing[taken]))
    visits, one_day = madrs_visits(cohort, phq9, dice)
    rated = _rated(scales["madrs"], visits, one_day, cohort, dice)
    assessments.append(rated.filter(visits.day < today))
    numbered = pl.concat(assessments).with_row_index("assessment")
    return numbered.with_columns(pl.col("assessment").cast(pl.Int64)), pl.concat(item_scores)


def _answers(scale: Scale, visits: Visits, cohort: Cohort, dice: Dice) -> Answers:
    total = totals(scale, visits, cohort, dice)
    thresholds = draw_thresholds(scale, cohort.patients, dice)
    return draw_answers(scale, total, thresholds, cohort.courses.patient[visits.course], dice)


def _itemised(scale: Scale, visits: Visits, cohort: Cohort, answers: Answers, missing: Flags) -> pl.DataFrame:
    suicide_item = pl.repeat(None, len(visits), dtype=pl.Int64, eager=True)
    if scale.suicide_item is not None:
        asked = scale.suicide_item.number - 1
        suicide_item = known(pl.Series(answers[:, asked].astype(np.int64)), ~missing[:, asked])
    prorated: Ints = np.any(missing, axis=1).astype(np.int64)
    return _frame(scale, visits, cohort).with_columns(
        words(("complete", "prorated"), prorated).alias("status"),
        pl.Series("total", prorated_totals(answers, missing)),
        suicide_item.alias("suicide_item"),
    )


def _rated(scale: Scale, visits: Visits, one_day: Flags, cohort: Cohort, dice: Dice) -> pl.DataFrame:
    """A clinician's totals, most of them with the suicide item beside them."""
    total = totals(scale, visits, cohort, dice)
    usual, last_day = scale.recall_choices
    suicide_item = pl.Series(suicide_answers(scale, total, dice))
    return _frame(scale, visits, cohort).with_columns(
        pl.Series("recall_days", np.where(one_day, last_day, usual)),
        pl.lit("total_only").alias("status"),
        pl.Series("total", total),
        known(suicide_item, happens(SUICIDE_ITEM_WRITTEN, len(visits), dice)).alias("suicide_item"),
    )


def _frame(scale: Scale, visits: Visits, cohort: Cohort) -> pl.DataFrame:
    timed = visits.minute != NO_TIME
    return pl.DataFrame(
        {
            "patient": cohort.courses.patient[visits.course],
            "scale": pl.repeat(scale.id, len(visits), eager=True),
            "scale_version": pl.repeat(scale.version, len(visits), eager=True),
            "assessed_at": known(moments(visits.day, visits.minute, ZONE), timed),
            "assessed_on": known(dates(visits.day), ~timed),
            "timing": known(words(TIMINGS, visits.timing), visits.timing != NO_INFUSION),
            "recall_days": np.full(len(visits), scale.recall_days),
            "mode": words(MODES, visits.mode),
        }
    )


def _item_frame(first: int, answers: Answers, missing: Flags) -> pl.DataFrame:
    row, item = np.nonzero(~missing)
    return pl.DataFrame(
        {"assessment": first + row, "item": (item + 1).astype(np.int16), "score": answers[row, item]}
    )
