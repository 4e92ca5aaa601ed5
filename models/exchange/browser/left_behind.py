"""Folders of files that came from a browser, taken away where a program that was killed left them."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir
from typing import Final

SENT: Final = "seventy-sent-"
"""What the name of such a folder begins with."""

LEFT_BEHIND: Final = timedelta(hours=1)
"""Nothing is read for so long."""


def clear_left_behind(at: datetime) -> None:
    """Take away every such folder of ours that was there an hour before."""
    for left in Path(gettempdir()).glob(f"{SENT}*"):
        with suppress(OSError):
            if at.timestamp() - left.lstat().st_mtime > LEFT_BEHIND.total_seconds():
                rmtree(left, ignore_errors=True)  # not what a link leads to, nor another user's
