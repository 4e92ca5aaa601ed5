"""Where tests put what is thrown away: in memory, if there is room, where nothing waits for a disk."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - everything there lies in a folder of its own
DISK: Final = Path("/tmp")  # noqa: S108
ROOM: Final = 2 * 2**30  # bytes; a container has 64 MB there, unless it was given more


def roomy() -> Path | None:
    """Memory, if that is much, may be written to, and lets programs run."""
    if not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free > ROOM else None


def put_temporary_files_there() -> None:
    """Of these tests and of every program they start, unless TMPDIR says where."""
    if "TMPDIR" not in os.environ and (memory := roomy()):
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None  # or what was found before stays
