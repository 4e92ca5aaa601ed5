"""Which tests one process takes whole, because they share what is dear to set up."""

from typing import Final

from xdist.scheduler import LoadFileScheduling

ROOMS: Final = ("tests/agreement/", "tests/hostile/")
"""Folders whose files all look at the same clinics, read once, or ask the same servers, started once."""


class Shares(LoadFileScheduling):
    """Each file is one share, and each of those folders."""

    def _split_scope(self, nodeid: str) -> str:
        room = next((room for room in ROOMS if nodeid.startswith(room)), None)
        return room or str(super()._split_scope(nodeid))
