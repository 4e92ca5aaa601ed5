"""What a search for bytes that break a reader begins with: whole files, made here, each with its oddities."""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook

import models.scales
from models.access.key_sheet import written

SHEETS: Final = {
    "scores.csv": b"mrn,scale,assessed_at,total\n7,phq9,2026-03-03,21\n8,promis_depression,2026-03-03,54.9\n",
    "wide.csv": "Nr;Beginn;Dosis;w0;w1\n7;13.02.2026;37,5;21;9\nZoë;2026-02-14;40;;8\n".encode(),
}


def _workbook(*rows: list[Any], sheets: int = 1) -> bytes:
    book, content = Workbook(), BytesIO()
    for number in range(sheets):
        sheet = book.active if number == 0 else book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    book.save(content)
    return content.getvalue()


ITEMS: Final = [f"item_{number}" for number in range(1, 10)]
_TEXTS: Final = (
    "mrn,given_name,family_name,birth_date,sex\n7,Zoë,O'Brien,1980-05-04,f\n08,NA,=1+1,,Male\n",
    (
        "mrn;started_on;indication;planned_infusions;failed_trials_episode;failed_trials_lifetime;ended_on;"
        "end_reason;site\n7;2026-03-03;ptsd;6;2;3;2026-04-01;own choice;West\n"
    ),
    (
        "mrn\tgiven_at\troute\tdose_mg\tweight_kg\tminutes\tconfirmed\n"
        '7\t2026-03-03T10:00Z\tiv\t40\t80.5\t40\tyes\n8\t2026-03-08 02:30\tIM\t"37.5"\t\t\t\n'
    ),
    (
        "mrn,scale,assessed_at,total,timing,recall_days,mode,suicide_item\n"
        "7,PHQ-9,2026-03-03T09:00+05:30,21,before,14,self,2\n7,promis depression,2026-03-04,54.9,,,,\n"
    ),
    (
        f"mrn,scale,assessed_at,total,{','.join(ITEMS)}\n7,phq9,2026-03-03,9,1,1,1,1,1,1,1,1,1\n"
        "8,phq9,2026-03-03,,0,3,3,,1,1,2,2,0\n"
    ),
    'mrn,site,started_on,reason\n7,"a ""quoted"" one",2026-03-03,\n\'=1,\'+1,2026-03-03,"x\r\ny"\n',
)

_MAPPINGS: Final = (
    (
        'dates = "%d.%m.%Y"\ndecimal = ","\ntime_zone = "Europe/Berlin"\nencoding = "windows-1252"\n'
        '[[table]]\nreads = "assessments"\nfile = "wide*"\nsheet = "*"\ncolumns = { mrn = "Nr" }\n'
        'constants = { scale = "phq9" }\nday_0_column = "Beginn"\ntime_of_day = 09:00:00\ntime_points = [\n'
        '  { day = 0, columns = { total = "w0" } },\n  { day = 7, columns = { total = "w1" } },\n]\n'
    ),
    (
        '[[table]]\nreads = "infusions"\ncolumns = { mrn = "Nr", given_at = "Beginn", dose_mg = "Dosis" }\n'
        'dates = "%d.%m.%Y"\ndecimal = ","\nconstants = { minutes = 40 }\nvalues.mrn = { "Zoë" = "9" }\n'
        '[[table]]\nreads = "assessments"\nfile = "scores.csv"\n'
    ),
    (
        '[[table]]\nreads = "assessments"\ncolumns = { mrn = "Nr" }\nday_0 = 2026-01-06\n'
        'constants = { scale = "phq9" }\ntime_points = [ { day = 9999999, columns = { total = "w0" } } ]\n'
    ),
    'encoding = "unicode_escape"\n[[table]]\nreads = "patients"\ncolumns.mrn = "Nr"\n',
    f"decimal = {'[' * 30}\n[[table]]\nreads = {'1' * 30}\n",
)

_QUESTION: Final = (
    '{"baseline_at_least":10,"clinician":null,"first_course":true,"indication":["any"],"missing":'
    '"non_responder","outcome":"response","route":"iv","scale":"phq9","site":null,"started_from":null,'
    '"started_to":"2026-01-31","treatment_resistant":"any","window":"end_of_induction"}'
)
_SEAL: Final = (
    '{"as_of":"2026-06-30","claim":0.7,"data_hash":"00ff","known_at":"2026-06-30T09:15:00+00:00",'
    f'"question":{_QUESTION}'
    "}"
)
_STATEMENTS: Final = (
    (
        '<!doctype html><html><head><meta name="seventy-statement" '
        f'content="{_SEAL.replace(chr(34), "&quot;")}">'
        "</head><body><p>Of 168 people</p></body></html>"
    ),
    f"Of 168 people\n\nseventy-statement: {_SEAL}\n",
    f'{{"seventy-statement":{_SEAL},"sentence":"Of 168 people"}}',
    f'{{"seventy-statement":{_SEAL.replace("0.7", "1e400").replace("2026-06-30T", "9999-12-31T")}}}',
)


def _scales() -> tuple[bytes, ...]:
    folder = Path(str(models.scales.__file__)).parent
    return tuple(path.read_bytes() for path in sorted(folder.glob("*.toml")))


SEEDS: Final[dict[str, tuple[bytes, ...]]] = {
    "csv": (*map(str.encode, _TEXTS), _TEXTS[0].encode("utf-16"), _TEXTS[3].encode("utf-8-sig")),
    "xlsx": (
        _workbook(["mrn", "scale", "assessed_at", "total"], ["7", "phq9", date(2026, 3, 3), 21]),
        _workbook(
            ["mrn", "given_at", "dose_mg", "confirmed"],
            [7, datetime(2026, 3, 3, 9, 30), 37.5, True],  # noqa: DTZ001 - as Excel keeps it
            ["08", "2026-03-03", "=A1", None],
            sheets=2,
        ),
    ),
    "mapping": tuple(map(str.encode, _MAPPINGS)),
    "scale": _scales(),
    "statement": tuple(map(str.encode, _STATEMENTS)),
    "sheet": (written(bytes(range(32)), clinic="A clinic", fingerprint="0000-0000").encode(), b"1) o0 iI lL"),
}
