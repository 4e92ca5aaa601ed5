"""Files on their way in from a browser: kept while they are read, in a folder nobody else can open."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from itertools import count
from os.path import splitext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from models.exchange.browser.left_behind import SENT
from models.exchange.browser.received import receive, shown_name
from models.exchange.columns.mapping import Mapping as MappingFile
from models.exchange.columns.mapping import MappingError, read_mapping
from models.exchange.imports.doubts import About, Doubt, doubts, settled
from models.exchange.imports.plan import Plan, Skipped, plan
from models.exchange.sheets.limits import BROWSER, Limits
from models.exchange.sheets.sheet import UnreadableFileError

LARGEST_MAPPING: Final = Limits(size=100_000)
NONE_OF_THESE: Final = ""
"""What is said of a doubt when no way to read it is right: those rows are refused."""

Said = Mapping[tuple[str, About], str]
"""What somebody said of a file, by its name: the value of an option, or `NONE_OF_THESE`."""


class Sent(NamedTuple):
    """A file that came, under the name it is shown by; no other that came with it has the same."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """What it holds, in one hash."""
        return sha256(self.content).hexdigest()


class Opened(NamedTuple):
    """What files turned out to be: the plan for them, what they leave open, and where rejects may go."""

    plan: Plan
    doubts: tuple[Doubt, ...]
    rejects: Path


def named(files: Iterable[tuple[str, bytes]]) -> list[Sent]:
    """Files by names that may be shown, each another: a second `scores.csv` is `scores (2).csv`."""
    sent: dict[str, Sent] = {}
    for name, content in files:
        shown = shown_name(name)
        stem, ending = splitext(shown)  # noqa: PTH122 - no path yet
        numbered = (shown if number == 1 else f"{stem} ({number}){ending}" for number in count(1))
        free = next(each for each in numbered if each not in sent)
        sent[free] = Sent(free, content)
    return [*sent.values()]


@contextmanager
def opened(
    sent: Iterable[Sent], mapping: Sent | None, said: Said, limits: Limits = BROWSER
) -> Iterator[Opened]:
    """Read files by a process of their own; when the block ends, nothing of them is left on the disk.

    A file that cannot be read is among the plan's skipped. Raises `MappingError` for a mapping that cannot be
    used.
    """
    with TemporaryDirectory(prefix=SENT) as folder:
        home, refused = Path(folder), []
        paths: dict[str, Path] = {}
        for file in sent:
            try:
                paths[file.name] = receive(file.name, BytesIO(file.content), home, limits=limits)
            except UnreadableFileError as error:
                refused.append(Skipped(error.name, error.why, is_damaged=True))
        encodings = {
            paths[name]: value
            for (name, about), value in said.items()
            if about is About.ENCODING and value and name in paths
        }
        read = plan(
            [path.parent for path in paths.values()],
            _mapping(mapping, home),
            limits,
            encodings,
        )
        read = read._replace(skipped=(*refused, *read.skipped))
        of_file: dict[str, dict[About, str]] = {}
        for (name, about), value in said.items():
            if value:
                of_file.setdefault(name, {})[about] = value
        yield Opened(settled(read, of_file), tuple(doubts(read)), home / "refused.csv")


def _mapping(sent: Sent | None, home: Path) -> MappingFile | None:
    if sent is None:
        return None
    try:
        return read_mapping(receive(sent.name, BytesIO(sent.content), home, limits=LARGEST_MAPPING))
    except UnreadableFileError as error:
        raise MappingError(error.name, [error.why]) from None
