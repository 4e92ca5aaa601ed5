"""A TOML document with something of the wrong kind in each of its places, and words that are not ours."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, time
from typing import Any

WRONG: tuple[Any, ...] = (
    *(True, 0, 3, -1, 2.5, 10**30, "", " ", "x", "3"),
    *([], [[]], ["x"], [2.5], {}, {"a": 1}, {"value": 1, "source": 2}, {"value": [1], "source": ""}),
    *(date(2026, 1, 1), datetime(2026, 1, 1, 9, 30), time(9, 30)),  # noqa: DTZ001 - as TOML may have it
)
FOREIGN = re.compile(
    r"Input should|should (be|match|have)|\bvalid\b|dictionary|instance|[Tt]uple|String|integer|"
    r"\bNone\b|\bTrue\b|\bFalse\b|datetime\.|another kind|something else|BaseModel|sources\.",
)


def spoiled(document: dict[str, Any]) -> Iterator[str]:
    """The document as TOML, once for each place in it and each value that may be wrong there."""
    for path in places(document):
        for wrong in WRONG:
            changed: Any = deepcopy(document)
            holder = changed
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = wrong
            yield written(changed)


def written(document: dict[str, Any]) -> str:
    """A document as TOML."""
    return "\n".join(f"{name} = {toml(value)}" for name, value in document.items())


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where something stands in a document: of lists only the first two members, which are alike."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, each in value.items():
            yield from places(each, (*path, name))
    if isinstance(value, list):
        for number, each in enumerate(value[:2]):
            yield from places(each, (*path, number))


def toml(value: Any) -> str:
    """A value on one line, as TOML has it."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {toml(each)}' for name, each in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return value.isoformat() if isinstance(value, date | time) else json.dumps(value)
