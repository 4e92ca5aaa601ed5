"""The shipped scales against the tables of the clinical specification."""

import pytest

from models.scales import Scale, UnknownScaleError, all_scales, get_scale
from models.scales.scoring import band

SCALES = all_scales()

RANGES = {
    "phq9": (0, 27, 14),
    "phq8": (0, 24, 14),
    "phq2": (0, 6, 14),
    "gad7": (0, 21, 14),
    "pcl5": (0, 80, 30),
    "qids_sr16": (0, 27, 7),
    "madrs": (0, 60, 7),
    "hamd17": (0, 52, 7),
    "bdi2": (0, 63, 14),
    "promis_depression": (100, 900, 7),
    "bss": (0, 38, 7),
    "sidas": (0, 50, 30),
    "wsas": (0, 40, 0),
    "cgi_s": (1, 7, 7),
    "cgi_i": (1, 7, 7),
    "cadss6": (0, 24, 0),
}

OUTCOMES = (
    "remission_at_most",
    "response_percent",
    "mcid",
    "mcid_percent",
    "reliable_change",
    "deterioration",
    "caseness_at_least",
    "response_and_at_most",
    "baseline_at_least",
)
FIGURES = {
    "phq9": (4, 50, 5, 20, 6, 6, 10, 9, 10),
    "phq8": (4, 50, 5, None, None, None, None, None, None),
    "phq2": (None,) * 9,
    "gad7": (4, 50, None, None, 4, 4, 8, None, 8),
    "pcl5": (None, None, 10, None, 15, 15, None, None, None),
    "qids_sr16": (5, 50, *(None,) * 7),
    "madrs": (10, 50, *(None,) * 7),
    "hamd17": (7, 50, *(None,) * 7),
    "bdi2": (13, 50, *(None,) * 7),
    "promis_depression": (549, *(None,) * 8),
    "bss": (None, 50, *(None,) * 7),
    "sidas": (0, 50, *(None,) * 7),
    "wsas": (9, 50, 8, *(None,) * 6),
    "cgi_s": (None,) * 9,
    "cgi_i": (None,) * 9,
    "cadss6": (None,) * 9,
}

BAND_EDGES = {
    "phq9": ["minimal", 4, "mild", 9, "moderate", 14, "moderately severe", 19, "severe", 27],
    "phq8": ["minimal", 4, "mild", 9, "moderate", 14, "moderately severe", 19, "severe", 24],
    "gad7": ["minimal", 4, "mild", 9, "moderate", 14, "severe", 21],
    "qids_sr16": ["none", 5, "mild", 10, "moderate", 15, "severe", 20, "very severe", 27],
    "madrs": ["normal", 6, "mild", 19, "moderate", 34, "severe", 60],
    "hamd17": ["normal", 7, "mild", 13, "moderate", 18, "severe", 22, "very severe", 52],
    "bdi2": ["minimal", 13, "mild", 19, "moderate", 28, "severe", 63],
    "sidas": ["none", 0, "some", 20, "high", 50],
    "wsas": ["subclinical", 9, "significant", 20, "moderately severe or worse", 40],
    "promis_depression": ["within normal limits", 549, "mild", 599, "moderate", 699, "severe", 900],
}


def test_every_scale_of_the_specification_is_shipped_in_reading_order() -> None:
    assert list(SCALES) == list(RANGES)
    assert SCALES.problems == ()


@pytest.mark.parametrize("scale_id", RANGES)
def test_range_and_recall_are_those_of_the_registry(scale_id: str) -> None:
    scale = SCALES[scale_id]
    assert (scale.low, scale.high, scale.recall_days) == RANGES[scale_id]


@pytest.mark.parametrize("scale_id", FIGURES)
def test_a_figure_is_defined_only_where_the_specification_has_one_without_doubt(scale_id: str) -> None:
    assert tuple(getattr(SCALES[scale_id], name) for name in OUTCOMES) == FIGURES[scale_id]


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_partial_response_is_defined_wherever_response_is(scale: Scale) -> None:
    assert scale.partial_response_percent == (25 if scale.response_percent else None)


@pytest.mark.parametrize("scale_id", BAND_EDGES)
def test_bands_are_those_of_the_specification(scale_id: str) -> None:
    bands = SCALES[scale_id].bands
    assert [edge for band in bands for edge in (band.name, band.high)] == BAND_EDGES[scale_id]


def test_a_total_lies_in_one_band_and_a_scale_without_bands_has_none() -> None:
    moderate = band(SCALES["phq9"], 14)
    assert moderate is not None
    assert moderate.name == "moderate"
    assert band(SCALES["pcl5"], 33) is None


def test_madrs_is_one_scale_whose_24_hour_variant_asks_about_one_day() -> None:
    assert SCALES["madrs"].recall_choices == (7, 1)


def test_wording_comes_with_the_free_scales_and_with_no_licensed_one() -> None:
    assert [scale.id for scale in SCALES.values() if scale.items_shipped] == [
        "phq9",
        "phq8",
        "phq2",
        "gad7",
        "pcl5",
    ]
    assert [scale.id for scale in SCALES.values() if scale.form_items and not scale.items_shipped] == [
        "qids_sr16"
    ]
    assert len(SCALES["qids_sr16"].items) == 16


def test_phq8_is_phq9_without_its_ninth_item_and_phq2_its_first_two() -> None:
    wording = [item.text for item in SCALES["phq9"].items]
    assert [item.text for item in SCALES["phq8"].items] == wording[:8]
    assert [item.text for item in SCALES["phq2"].items] == wording[:2]
    assert SCALES["phq8"].suicide_item is None


def test_total_and_panel_codes_are_not_mixed_up() -> None:
    codes = {
        scale.id: (scale.loinc_panel, scale.loinc_total) for scale in SCALES.values() if scale.loinc_panel
    }
    assert codes == {
        "phq9": ("44249-1", "44261-6"),
        "phq2": ("55757-9", "55758-7"),
        "gad7": ("69737-5", "70274-6"),
    }


def test_the_suicide_items_are_those_of_the_specification() -> None:
    asked = {scale.id: scale.suicide_item for scale in SCALES.values()}
    assert {name: (item.number, item.low, item.high) for name, item in asked.items() if item} == {
        "phq9": (9, 0, 3),
        "qids_sr16": (12, 0, 3),
        "madrs": (10, 0, 6),
        "hamd17": (3, 0, 4),
        "bdi2": (9, 0, 3),
    }


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_every_figure_has_its_source_and_every_scale_its_rights(scale: Scale) -> None:
    for name in ("bands", "partial_response_percent", *OUTCOMES):
        assert bool(getattr(scale, name) not in (None, ())) == bool(scale.source_of(name)), name
    assert scale.rights
    assert scale.source


def test_shipped_scales_are_read_once() -> None:
    assert all_scales() is all_scales()


def test_an_unknown_scale_is_refused_by_name_with_what_is_known() -> None:
    with pytest.raises(
        UnknownScaleError, match=r"No scale is called 'phq10'; known are phq9, phq8, phq2, gad7"
    ):
        get_scale("phq10", SCALES)


def test_a_t_score_is_shown_with_its_decimal() -> None:
    assert SCALES["promis_depression"].shown(549) == "54.9"
    assert SCALES["phq9"].shown(14) == "14"
    assert SCALES["promis_depression"].shown(-5) == "-0.5"
    assert SCALES["phq9"].shown(10**400) == "1" + "0" * 400
