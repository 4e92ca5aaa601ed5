"""What a browser says it is, in words a person recognises; nothing rests on it, as it may say anything.

An iPad that asks for pages as a desk computer says that it is a Mac, and is called one here.
"""

import re
from types import MappingProxyType
from typing import Final

from ua_parser import parse

_VARIANT: Final = re.compile(r"^Mobile | Mobile\b| iOS$| WebView$")
_HELD_IN_HAND: Final = ("iPhone", "iPad")
_CALLED: Final = MappingProxyType({"Mac OS X": "Mac"})


def browser_called(agent: str) -> str | None:
    """A `User-Agent` as "Chrome on Windows" or "Safari on iPhone"; `None` for one that is not known."""
    told = parse(agent)
    if told.user_agent is None:
        return None
    browser = _VARIANT.sub("", told.user_agent.family)
    if told.device is not None and told.device.family in _HELD_IN_HAND:
        return f"{browser} on {told.device.family}"
    return browser if told.os is None else f"{browser} on {_CALLED.get(told.os.family, told.os.family)}"
