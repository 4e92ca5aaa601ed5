"""A file a browser sends, kept where we say: the name it came with says nothing about where it goes."""

import os
import re
from pathlib import Path
from typing import BinaryIO, Final
from uuid import uuid4

from models.exchange.sheets.limits import BROWSER, Limits

AT_ONCE: Final = 65_536
LONGEST_STEM: Final = 60
LONGEST_SUFFIX: Final = 10
NOT_SHOWN: Final = re.compile(r"[^\w .()-]")
OURS_ALONE: Final = 0o600


def receive(
    name: str, content: BinaryIO, folder: Path, *, declared: int | None = None, limits: Limits = BROWSER
) -> Path:
    """Write what is sent into a folder of its own, whose name is random; the file's, as it may be shown.

    `declared` are the bytes the sender announced. Raises `TooLargeError` for more than is allowed, announced
    or not, and leaves nothing behind.
    """
    shown = shown_name(name)
    limits.refuse_size(shown, declared or 0)
    path = folder / uuid4().hex / shown
    path.parent.mkdir(mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS_ALONE), "wb") as kept:
            while some := content.read(AT_ONCE):
                limits.refuse_size(shown, kept.tell() + len(some))
                kept.write(some)
    except BaseException:
        path.unlink(missing_ok=True)
        path.parent.rmdir()
        raise
    return path


def shown_name(name: str) -> str:
    """A file's name as a screen may show it: no folders, nothing invisible, not long, with its own ending."""
    last = re.split(r"[/\\]", name)[-1]
    stem, ending = os.path.splitext(NOT_SHOWN.sub("", last).strip(" ."))  # noqa: PTH122 - no path yet
    return (stem[:LONGEST_STEM].strip() or "file") + ending[:LONGEST_SUFFIX]
