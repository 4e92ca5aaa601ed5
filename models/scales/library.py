"""The scales known: those shipped, and a clinic's own."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from models.scales.errors import Problem, ScaleFileError, UnknownScaleError
from models.scales.reading import read_scale
from models.scales.scale import Scale

BASIS: Final = ("version", "low", "high", "decimals", "scoring", "items", "domains", "suicide_item")
"""What stored scores rest on. Where one of these is another, it is another scale, and needs another id."""

LARGEST: Final = 1_000_000
"""Bytes a file may have; the longest that is shipped has some eight thousand."""


class Scales(Mapping[str, Scale]):
    """Scales by id, in the order they are shown; `problems` are the clinic's files that could not be used."""

    def __init__(self, scales: Iterable[Scale], problems: Iterable[ScaleFileError] = ()) -> None:
        ordered = sorted(scales, key=lambda scale: (scale.order, scale.name))
        self._by_id = {scale.id: scale for scale in ordered}
        self.problems = tuple(problems)

    def __getitem__(self, scale_id: str) -> Scale:
        return self._by_id[scale_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)


def all_scales(folder: Path | None = None, kept: Mapping[str, Scale] | None = None) -> Scales:
    """The shipped scales and those a clinic keeps as TOML files in `folder`.

    A clinic's file may take the place of a shipped scale, or of one as the record has it (`kept`), to change
    a cut-off; what stored scores rest on (version, range, items) must then stay. A file that cannot be used
    is left out and stands in `.problems`, for the app to show; a scale that is kept is known without one.
    """
    shipped = _shipped()
    if not kept and (folder is None or not folder.is_dir()):
        return shipped
    known = {**(kept or {}), **shipped}
    if folder is None or not folder.is_dir():
        return Scales(known.values())
    stored = dict(known)
    file_of: dict[str, str] = {}
    problems: list[ScaleFileError] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            scale = read_scale(path.name, _content_of(path))
            _refuse_clash(path.name, scale, stored, file_of)
        except ScaleFileError as error:
            problems.append(error)
        except OSError as error:
            problems.append(
                ScaleFileError(path.name, [Problem("file", str(error), "a file that can be read")])
            )
        else:
            known[scale.id] = scale
            file_of[scale.id] = path.name
    newcomers_first = sorted(file_of, key=lambda each: (each not in stored, file_of[each]), reverse=True)
    for scale_id in newcomers_first:
        if other := _namesake(known[scale_id], known.values()):
            allowed = f"a name {other.id} does not have: scales are chosen by name"
            problems.append(
                ScaleFileError(file_of[scale_id], [Problem("name", known[scale_id].name, allowed)])
            )
            if scale_id in stored:
                known[scale_id] = stored[scale_id]
            else:
                del known[scale_id]
    return Scales(known.values(), problems)


def get_scale(scale_id: str, scales: Mapping[str, Scale]) -> Scale:
    """The scale of that id; `UnknownScaleError` says which are known."""
    try:
        return scales[scale_id]
    except KeyError:
        raise UnknownScaleError(scale_id, scales) from None


@cache
def _shipped() -> Scales:
    folder = files(__package__)
    paths = [path for path in folder.iterdir() if path.name.endswith(".toml")]
    return Scales(read_scale(path.name, path.read_bytes()) for path in paths)


def other_basis(scale: Scale, stored: Scale) -> tuple[str, ...]:
    """The fields on which stored scores rest and in which a scale is not the one they were taken with."""
    return tuple(name for name in BASIS if getattr(scale, name) != getattr(stored, name))


def _content_of(path: Path) -> bytes:
    """What is in a file; of a pipe or a device, which may never end, nothing is read."""
    if not path.is_file():
        raise OSError("not a file")
    if path.stat().st_size > LARGEST:
        raise OSError(f"more than {LARGEST:,} bytes")
    return path.read_bytes()


def _refuse_clash(file: str, scale: Scale, stored: Mapping[str, Scale], file_of: Mapping[str, str]) -> None:
    if scale.id in file_of:
        raise ScaleFileError(file, [Problem("id", scale.id, f"an id {file_of[scale.id]} does not have")])
    if scale.id in stored:
        ours = stored[scale.id]
        whose = "the shipped" if scale.id in _shipped() else "the record's"
        allowed = (
            f"as in {whose} {ours.name}, on which stored scores rest; another scale, or another version of "
            "it, needs another id"
        )
        changed = other_basis(scale, ours)
        if changed:
            raise ScaleFileError(file, [Problem(name, _brief(scale, name), allowed) for name in changed])


def _namesake(scale: Scale, known: Iterable[Scale]) -> Scale | None:
    """Another scale that reads the same in a list."""
    return next((each for each in known if each.id != scale.id and _read(each) == _read(scale)), None)


def _read(scale: Scale) -> str:
    return " ".join(scale.name.split()).casefold()


def _brief(scale: Scale, field: str) -> object:
    """A value as a line can quote it: of parts, how many."""
    value = getattr(scale, field)
    if isinstance(value, tuple):
        return f"{len(value)} of its own"
    return value if isinstance(value, int | str) else "one of its own"
