"""Where the way in leads back to: a page of the app and the tab that left it, and never another server."""

import re
from typing import Final
from urllib.parse import urlencode

BACK: Final = "back"
TAB: Final = "tab"
ACCOUNT: Final = "/account"
PROVE: Final = f"{ACCOUNT}/prove"
GLASS: Final = f"{ACCOUNT}/glass"
_OURS: Final = re.compile(rf"/(account/)?(glass/)?[a-z-]*(\?{TAB}=[0-9a-f]{{32}})?")


def own_place(asked: str | None) -> str:
    """The place that was asked for if it is one of ours, else the first page."""
    return asked if asked and _OURS.fullmatch(asked) else "/"


def way_to_prove(place: str) -> str:
    """Where somebody proves anew who they are who then goes on at `place`."""
    return f"{PROVE}?{urlencode({BACK: place})}"


def way_to_break(place: str) -> str:
    """Where somebody breaks the glass who then goes on at `place`."""
    return f"{GLASS}{place}"
