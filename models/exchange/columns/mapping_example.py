"""A mapping file to learn from, in its three parts, and what holds for all of them."""

from typing import Final

CONVENTIONS: Final = """\
encoding = "windows-1252"       # of text that is not UTF-8
dates = "%d/%m/%Y"              # one format for all dates; without it ISO 8601
decimal = ","                   # without it a point
time_zone = "America/New_York"  # of times without an offset
"""

LONG: Final = """\
[[table]]                       # one for each table to be read out of a file
reads = "infusions"             # patients, courses, infusions or assessments
file = "doses*"                 # only files so named (and `sheet` = worksheets)
columns = { mrn = "Patient No", given_at = "Date", dose_mg = "Ketamine mg" }
constants = { route = "iv", minutes = 40 }
values.route = { "i.v." = "iv", "nasal spray" = "intranasal" }
"""

WIDE: Final = """\
[[table]]                       # wide: a row a patient, a column a time-point
reads = "assessments"
columns = { mrn = "Patient No" }
constants = { scale = "phq9" }
day_0_column = "First infusion" # or one date for all: day_0 = 2025-01-06
time_of_day = 09:00:00          # where only the day is known; may be left out
time_points = [
  { day = 0, columns = { total = "PHQ start" }, constants = { timing = "before" } },
  { day = 7, columns = { total = "PHQ week 1" } },
  { columns = { total = "PHQ last", assessed_at = "Date last" } },
]
"""

RULES: Final = (
    "`columns` says which header holds which of our columns, `constants` what is the\n"
    "same in every row. Columns already named as ours need no line. A time-point whose\n"
    "cells are all empty is no entry. A [[table]] is used for every file that has all\n"
    "the headers it names; one that fits no file is an error.\n"
)
