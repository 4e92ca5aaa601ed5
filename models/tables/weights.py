"""Weights in the clinic's own unit; the record keeps kilograms."""

from collections.abc import Mapping
from typing import Final

from models.tables.words import WeightUnit

KG_PER: Final[Mapping[WeightUnit, float]] = {"kg": 1.0, "lb": 0.45359237}


def to_kg(weight: float | None, unit: WeightUnit) -> float | None:
    """What was typed, in kilograms to the gram."""
    return None if weight is None else round(weight * KG_PER[unit], 3)


def in_unit(weight_kg: float, unit: WeightUnit) -> float:
    """A stored weight as this clinic reads it."""
    return round(weight_kg / KG_PER[unit], 1)


def as_typed(weight_kg: float, unit: WeightUnit) -> float:
    """A weight as somebody typed it: the record keeps grams, so pounds come back to the hundredth."""
    return weight_kg if unit == "kg" else round(weight_kg / KG_PER[unit], 2)


def mg_per_kg(dose_mg: float | None, weight_kg: float | None) -> float | None:
    """The dose for the weight; `None` while one of them is not known."""
    return None if dose_mg is None or not weight_kg else dose_mg / weight_kg
