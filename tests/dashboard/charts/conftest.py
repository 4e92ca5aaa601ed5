"""The scales figures are drawn with."""

import pytest

from models.scales import Scale, Scales, all_scales


@pytest.fixture(scope="session")
def scales() -> Scales:
    return all_scales()


@pytest.fixture(scope="session")
def phq9(scales: Scales) -> Scale:
    return scales["phq9"]
