"""What a file leaves open, asked of whoever brought it: nothing is chosen until they choose."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

import streamlit as st

from dashboard.charts.words import on
from dashboard.components.files.file_choice import Chosen, key
from dashboard.components.page.plain import plain
from models.exchange.browser.sending import NONE_OF_THESE, Said
from models.exchange.imports.doubts import DAY_FIRST, MONTH_FIRST, About, Doubt, Option

DOUBTS: Final = "import doubts"
EXAMPLES: Final = 2
NONE: Final = {
    About.ENCODING: "These words are not right: leave the file out",
    About.DATES: "None of these: refuse the rows with such dates",
    About.DECIMAL: "Neither: refuse the rows with such numbers",
}


def known(chosen: Chosen, found: Sequence[Doubt] = ()) -> list[Doubt]:
    """All that these files ever left open, `found` just now or before: a question answered stays."""
    of, before = st.session_state.get(DOUBTS, (None, {}))
    asked: dict[tuple[str, About], Doubt] = before if of == chosen.hashes else {}
    asked |= {(doubt.file, doubt.about): doubt for doubt in found}
    st.session_state[DOUBTS] = chosen.hashes, asked
    return list(asked.values())


def answers(doubts: Sequence[Doubt]) -> Said:
    """The answers there are so far."""
    given = ((doubt, st.session_state.get(_key(doubt))) for doubt in doubts)
    return {(doubt.file, doubt.about): answer for doubt, answer in given if answer is not None}


def ask(doubts: Sequence[Doubt]) -> None:
    """The questions; no answer is chosen before somebody chooses one."""
    if not doubts:
        return
    with st.container(border=True):
        for doubt in doubts:
            st.radio(
                QUESTIONS[doubt.about](doubt),
                [*(option.value for option in doubt.options), NONE_OF_THESE],
                index=None,
                format_func=_words_of(doubt),
                key=_key(doubt),
            )


def _key(doubt: Doubt) -> str:
    return key(f"{doubt.about} of {doubt.file}")


def _words_of(doubt: Doubt) -> Callable[[str], str]:
    words = {option.value: WORDS[doubt.about](doubt, option) for option in doubt.options}
    return {**words, NONE_OF_THESE: NONE[doubt.about]}.__getitem__


def _encoding(doubt: Doubt) -> str:
    return f"**{plain(doubt.file)}** is not UTF\\-8. Are these words written right?"


def _dates(doubt: Doubt) -> str:
    return f"**{plain(doubt.file)}** has dates such as {plain(doubt.texts[0])}. How are they written?"


def _decimal(doubt: Doubt) -> str:
    some = " and ".join(plain(text) for text in doubt.texts[:EXAMPLES])
    return f"**{plain(doubt.file)}** has numbers such as {some}. Which sign stands before the decimals?"


def _as_words(_: Doubt, option: Option) -> str:
    return f"{plain(', '.join(option.reads))} (Windows\\-1252)"


def _as_dates(doubt: Doubt, option: Option) -> str:
    order = "Day first" if option.value in DAY_FIRST else "Month first" if option.value in MONTH_FIRST else ""
    read = (on(date.fromisoformat(day)) if day else "" for day in option.reads)
    return _compared(order or f"As {plain(option.value)}", doubt.texts, list(read), "no date")


def _as_numbers(doubt: Doubt, option: Option) -> str:
    sign = "A comma" if option.value == "," else "A point"
    return _compared(sign, doubt.texts, option.reads, "refused")


def _compared(way: str, texts: Sequence[str], read: Sequence[str], none: str) -> str:
    pairs = list(zip(texts, read, strict=True))[:EXAMPLES]
    return f"{way}: {', '.join(f'{plain(text)} is {plain(said or none)}' for text, said in pairs)}"


QUESTIONS: Final[Mapping[About, Callable[[Doubt], str]]] = {
    About.ENCODING: _encoding,
    About.DATES: _dates,
    About.DECIMAL: _decimal,
}
WORDS: Final[Mapping[About, Callable[[Doubt, Option], str]]] = {
    About.ENCODING: _as_words,
    About.DATES: _as_dates,
    About.DECIMAL: _as_numbers,
}
