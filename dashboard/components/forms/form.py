"""A form being filled in, and what became of it."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import streamlit as st

SAVE_KEY: Final = "save key, "
"""Where the key of a form's present sheet is kept, followed by the form's name."""

PRESSED: Final = "press "
REFUSAL, JUDGED, CONFIRMED = "refusal", "judged", "confirmed"
"""Why a save was refused, what stood in the form then, and whether somebody said that it is so."""


def is_typed(field: str) -> bool:
    """Whether a field is one that somebody fills in."""
    return not field.startswith(PRESSED) and field not in (REFUSAL, JUDGED, CONFIRMED)


@dataclass(frozen=True)
class Form:
    """One sheet to fill in. `name` says which: "phq9 of 17".

    All its widgets hang on one key, and the stored row carries the same: Streamlit runs both clicks of a
    double click, and the record takes the first. Once something is stored the key changes, and the sheet is
    empty again. What was typed outlives a look at another page.
    """

    name: str

    @property
    def save_key(self) -> str:
        """The key of this sheet; another one after each save."""
        key: str = st.session_state.setdefault(f"{SAVE_KEY}{self.name}", uuid4().hex)
        return key

    def key(self, field: str) -> str:
        """The key of one of its widgets."""
        return f"{self.save_key} {field}"

    def button(self, name: str) -> str:
        """The key of one of its buttons, in which nothing can stand."""
        return self.key(f"{PRESSED}{name}")

    def value(self, field: str) -> Any:
        """What stands in one of its widgets; `None` before it was drawn."""
        return st.session_state.get(self.key(field))

    def fill(self, field: str, value: object) -> None:
        """Write into one of its widgets, before it is drawn."""
        st.session_state[self.key(field)] = value

    def forget(self, *fields: str) -> None:
        """Have nothing stand in these."""
        for field in fields:
            st.session_state.pop(self.key(field), None)

    def start_with(self, field: str, value: object) -> None:
        """What stands in a widget until something else is typed; the first to say so decides."""
        st.session_state.setdefault(self.key(field), value)

    def typed(self) -> dict[str, Any]:
        """What stands in its widgets, those left empty aside."""
        sheet = f"{self.save_key} "
        return {
            str(key): value
            for key, value in st.session_state.items()
            if str(key).startswith(sheet)
            and is_typed(str(key).removeprefix(sheet))
            and not (value is None or value is False or value == "")
        }

    @property
    def stored(self) -> Any:
        """What was stored from the sheet before this one; `None` while none was."""
        return st.session_state.get(f"stored, {self.name}")

    def close(self, stored: object) -> None:
        """Keep what was stored, and take a new sheet for the next."""
        st.session_state[f"stored, {self.name}"] = stored
        st.session_state.pop(f"{SAVE_KEY}{self.name}", None)

    def reopen(self) -> None:
        """Put away what was stored: the new sheet is shown."""
        st.session_state.pop(f"stored, {self.name}", None)
