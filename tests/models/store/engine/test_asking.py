"""Sentences said to the driver itself: named values on either engine, and errors without the values."""

import pytest
from sqlalchemy import Engine

from models.store.engine.asking import ask, ask_first
from models.store.engine.database import reading
from models.store.engine.errors import StoreError


def test_a_name_stands_for_its_value_wherever_it_is_said(engine: Engine) -> None:
    with reading(engine) as connection:
        sql = "SELECT 7 % CAST(:divisor AS integer), 'of 100 %' WHERE 3 = :three AND :three <> 4"
        assert ask(connection, sql, divisor=4, three=3) == [(3, "of 100 %")]
        assert ask_first(connection, sql, divisor=4, three=5) is None
        assert ask_first(connection, "SELECT 'of 100 %'") == ("of 100 %",)


def test_what_the_driver_refuses_is_said_without_the_value(engine: Engine) -> None:
    with pytest.raises(StoreError) as error, reading(engine) as connection:
        ask(connection, "SELECT id FROM nowhere WHERE name = :name", name="Canary")
    assert "nothing was saved" in str(error.value)
    assert "Canary" not in str(error.value)
