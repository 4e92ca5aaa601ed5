import plotly.graph_objects as go
import pytest

from tests.dashboard.charts.gallery import figures

EVERY = figures()


@pytest.mark.parametrize("figure", EVERY.values(), ids=EVERY.keys())
def test_plotly_itself_accepts_every_property_of_a_figure(figure: go.Figure) -> None:
    checked = go.Figure(figure.to_dict())  # refuses what it does not know
    assert len(checked.data) == len(figure.data)
