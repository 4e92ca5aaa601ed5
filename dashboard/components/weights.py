"""Weights in the clinic's own unit; the record keeps kilograms."""

from typing import Final

KG_PER: Final = {"kg": 1.0, "lb": 0.45359237}


def to_kg(weight: float | None, unit: str) -> float | None:
    """What was typed, in kilograms to the gram."""
    return None if weight is None else round(weight * KG_PER[unit], 3)


def in_unit(weight_kg: float, unit: str) -> float:
    """A stored weight as this clinic reads it."""
    return round(weight_kg / KG_PER[unit], 1)


def mg_per_kg(dose_mg: float | None, weight_kg: float | None) -> float | None:
    """The dose for the weight; `None` while one of them is not known."""
    return None if dose_mg is None or not weight_kg else dose_mg / weight_kg
