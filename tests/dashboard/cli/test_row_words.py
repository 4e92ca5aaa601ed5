"""Rows are counted in the product's words, whatever their table is called."""

from dashboard.cli.row_words import ROWS, rows_said
from models.tables import Table


def test_every_table_of_the_record_has_its_words_and_no_other() -> None:
    assert set(ROWS) == set(Table.metadata.tables)
    assert not [words for pair in ROWS.values() for words in pair if "_" in words]


def test_one_and_many_and_none() -> None:
    assert rows_said({"patient": 1, "item_score": 1200, "course": 0}) == "1 patient, 1,200 answers"
    assert rows_said({"course": 0}) == "no rows"
    assert rows_said({"of_later": 2}) == "2 of_later"
