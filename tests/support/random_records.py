"""Random clinics that dwell where the rules turn: equal days and moments, gaps of 14, 15, 90 and 91 days."""

from typing import Any

from hypothesis import strategies as st

from tests.support.timelines import Assessment, Course, Infusion, Record

FIRST_DAY = 20_000
"""4 October 2024: an ordinary day."""

TIMES = (None, 0, 8 * 3600, 10 * 3600, 10 * 3600 + 1, 22 * 3600, 86_399)
GAPS = (0, 1, 2, 3, 7, 13, 14, 15, 16, 89, 90, 91, 92, 200)
OFFSETS = (
    *(
        -16,
        -15,
        -14,
        -13,
        -7,
        -1,
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        13,
        14,
        15,
        18,
        20,
        21,
        22,
        24,
        28,
        31,
        32,
    ),
    *(34, 35, 41, 42, 43, 49, 50, 76, 77, 90, 91, 92, 105, 106, 119, 120, 179, 180, 181, 240, 241, 304, 305),
    *(360, 365, 370, 425, 426),
)
INDICATIONS = (None, "depression", "bipolar_depression", "ptsd")

_times = st.sampled_from(TIMES)
_totals = st.one_of(st.integers(0, 27), st.sampled_from((0, 4, 5, 9, 10, 14, 15, 20)))


@st.composite
def records(draw: Any, patients: int = 3) -> Record:
    """The record of up to three patients; no two rows of a patient share a moment, as the store demands."""
    courses: list[Course] = []
    infusions: list[Infusion] = []
    assessments: list[Assessment] = []
    for patient_id in range(1, draw(st.integers(1, patients)) + 1):
        days = _infusion_days(draw)
        moments = list(dict.fromkeys((day, draw(_times)) for day in days))
        infusions += [
            Infusion(len(infusions) + n, patient_id, day, second, draw(st.sampled_from((None, "iv", "im"))))
            for n, (day, second) in enumerate(moments, 1)
        ]
        courses += _courses(draw, patient_id, days, len(courses))
        assessments += _assessments(draw, patient_id, days, len(assessments))
    return Record(courses, infusions, assessments)


def _infusion_days(draw: Any) -> list[int]:
    gaps = draw(st.lists(st.sampled_from(GAPS), min_size=0, max_size=9))
    days = [FIRST_DAY]
    for gap in gaps:
        days.append(days[-1] + gap)
    return days


def _courses(draw: Any, patient_id: int, days: list[int], known: int) -> list[Course]:
    starts = draw(st.lists(st.tuples(st.sampled_from(days), st.integers(-2, 2)), max_size=3))
    return [
        Course(
            known + n,
            patient_id,
            start,
            draw(st.sampled_from(INDICATIONS)),
            draw(st.sampled_from((None, 1, 2, 3, 6))),
            draw(st.sampled_from((None, 0, 1, 2, 3))),
            draw(st.one_of(st.none(), st.integers(start, start + 40))),
        )
        for n, start in enumerate(dict.fromkeys(day + off for day, off in starts), 1)
    ]


def _assessments(draw: Any, patient_id: int, days: list[int], known: int) -> list[Assessment]:
    moments = draw(st.lists(st.tuples(st.sampled_from(days), st.sampled_from(OFFSETS), _times), max_size=14))
    moments += [(days[0], draw(st.sampled_from((-14, -3, -1, 0))), draw(_times))] * draw(st.integers(0, 1))
    return [
        Assessment(
            known + n,
            patient_id,
            day,
            draw(_totals),
            second,
            draw(st.sampled_from((None, None, "before", "after"))),
            scale=draw(st.sampled_from(("phq9", "phq9", "phq9", "phq9", "gad7"))),
            status=draw(st.sampled_from(("complete", "prorated", "total_only"))),
        )
        for n, (day, second) in enumerate(
            dict.fromkeys((day + off, second) for day, off, second in moments), 1
        )
    ]


def days_asked(record: Record) -> st.SearchStrategy[int]:
    """Days to ask on: long after everything, or where a window opens or closes."""
    anchors = st.sampled_from(sorted({infusion.day for infusion in record.infusions}))
    later = st.sampled_from([offset for offset in OFFSETS if offset >= 0])
    return st.one_of(st.just(FIRST_DAY + 5000), st.builds(int.__add__, anchors, later))
