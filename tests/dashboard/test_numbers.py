import csv
import io

from dashboard.components.numbers import csv_of


def test_the_file_keeps_numbers_whole_and_quotes_what_needs_it() -> None:
    written = csv_of([{"row": "Responded, all", "rate": 71 / 168}, {"row": "=1", "rate": None}])
    rows = list(csv.DictReader(io.StringIO(written.decode())))
    assert rows[0] == {"row": "Responded, all", "rate": "0.4226190476190476"}
    assert rows[1] == {"row": "'=1", "rate": ""}
    assert csv_of([{"row": "all", "change": -5}]) == b'"row","change"\r\n"all",-5\r\n'


def test_no_rows_make_an_empty_file() -> None:
    assert csv_of([]).strip() == b""
