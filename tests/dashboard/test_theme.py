"""The look of the product: options Streamlit knows, and colours that can be read."""

import pytest
from streamlit import config

from dashboard.theme import streamlit_config

OURS, HARM, INK, MUTED, REST, GAP = range(6)


def contrast(colour: str, ground: str) -> float:
    """WCAG 2.2 contrast ratio."""

    def luminance(hexes: str) -> float:
        channels = (int(hexes[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((luminance(colour), luminance(ground)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_every_option_of_the_theme_is_one_streamlit_knows() -> None:
    known = config.get_config_options(force_reparse=True)
    assert set(streamlit_config()) <= set(known)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("token", "least"), [(OURS, 4.5), (HARM, 4.5), (INK, 4.5), (MUTED, 4.5), (GAP, 3)])
def test_text_and_marks_that_carry_meaning_alone_can_be_seen(mode: str, token: int, least: float) -> None:
    options = streamlit_config()
    colours, ground = (
        options[f"theme.{mode}.chartCategoricalColors"],
        options[f"theme.{mode}.backgroundColor"],
    )
    assert contrast(colours[token], ground) >= least


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_white_words_on_a_primary_button_can_be_read(mode: str) -> None:
    assert contrast("#FFFFFF", streamlit_config()[f"theme.{mode}.primaryColor"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_both_modes_set_the_same_ten_tokens(mode: str) -> None:
    assert len(streamlit_config()[f"theme.{mode}.chartCategoricalColors"]) == 10


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_command_in_a_sentence_is_in_the_ink_of_the_sentence(mode: str) -> None:
    options = streamlit_config()
    assert options[f"theme.{mode}.codeTextColor"] == options[f"theme.{mode}.textColor"]
