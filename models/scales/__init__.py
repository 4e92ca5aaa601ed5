"""What a score means: one TOML file a scale.

Every number a clinician could look up (range, bands, cut-offs, change figures) stands in the scale's TOML
beside its source; forms, charts, validation and outcomes read it from here, and no cut-off appears in Python.
"""

from models.scales.errors import Problem, ScaleFileError, UnknownScaleError
from models.scales.library import Scales, all_scales, get_scale, other_basis
from models.scales.scale import Answer, Band, Domain, Item, Provisional, Scale, Subscore, SuicideItem

__all__ = [
    "Answer",
    "Band",
    "Domain",
    "Item",
    "Problem",
    "Provisional",
    "Scale",
    "ScaleFileError",
    "Scales",
    "Subscore",
    "SuicideItem",
    "UnknownScaleError",
    "all_scales",
    "get_scale",
    "other_basis",
]
