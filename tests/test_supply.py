"""What Seventy is made of beside its own source: every part pinned, and under a licence a clinic may use."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOUSE = Path(__file__).parents[1]
MAY_BE_USED = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "MIT", "MIT-0", "MIT-CMU"),
    *("PSF-2.0", "Zlib", "Apache License 2.0", "Apache Software License", "BSD License", "MIT License"),
    *("3-Clause BSD License", "ISC License (ISCL)", "Python Software Foundation License"),
    *("MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)", "LGPL-3.0-only"),  # as they come, and not changed
}
SAID_NOWHERE = {"sqlcipher3": "Zlib"}
"""What tells its licence in a file alone, which begins so."""

ZLIB = "This software is provided 'as-is', without any express or implied"


def pinned() -> dict[str, str]:
    lines = (HOUSE / "constraints.txt").read_text("utf-8").splitlines()
    pairs = (line.split("==") for line in lines if "==" in line)
    return {canonicalize_name(name): version for name, version in pairs}


def hashed() -> dict[str, tuple[str, int]]:
    """What the container and the service are made of: each version, and how many files of it may be taken."""
    text = (HOUSE / "dashboard" / "deploy" / "requirements.txt").read_text("utf-8")
    entries = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    assert all(re.fullmatch(r"\S+==\S+( +--hash=sha256:[0-9a-f]{64})+", line) for line in entries)
    named = [(line.split()[0].split("=="), line.count("--hash=")) for line in entries]
    return {canonicalize_name(name): (version, files) for (name, version), files in named}


def parts() -> dict[str, Distribution]:
    """Every distribution the product needs, however far down."""
    needed = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    open_ones, found = [Requirement(line) for line in needed], dict[str, Distribution]()
    while open_ones:
        wanted = open_ones.pop()
        name = canonicalize_name(wanted.name)
        extras = wanted.extras or {""}
        if (wanted.marker and not wanted.marker.evaluate()) or (name in found and extras == {""}):
            continue
        found[name] = distribution(name)
        for line in found[name].requires or ():
            under = Requirement(line)
            if under.marker is None or any(under.marker.evaluate({"extra": each}) for each in extras):
                under.marker = None
                open_ones.append(under)
    return found


def licences(part: Distribution) -> Iterator[str]:
    """Each licence all of which hold, or one of which may be chosen."""
    told = part.metadata
    expression = told["License-Expression"]
    if expression:
        yield from re.split(r" AND | OR ", expression.strip("()"))
        return
    classified = [line for line in told.get_all("Classifier") or () if line.startswith("License ::")]
    yield from (line.rpartition(" :: ")[2] for line in classified)
    if not classified:
        yield told["License"] or SAID_NOWHERE.get(canonicalize_name(told["Name"]), "")


PARTS = parts()


def test_the_parts_are_many_and_those_we_name_are_among_them() -> None:
    assert {"streamlit", "polars", "sqlcipher3", "psycopg-binary", "sqlalchemy"} <= PARTS.keys()


@pytest.mark.parametrize("name", sorted(PARTS))
def test_every_part_is_pinned_and_its_licence_is_one_that_may_be_used(name: str) -> None:
    assert name in pinned()
    named = list(licences(PARTS[name]))
    assert named
    assert set(named) <= MAY_BE_USED


def test_what_is_installed_by_its_hash_is_every_part_as_pinned_and_what_builds_ours() -> None:
    """Made anew by the line of the README that names the file."""
    built_by = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    needed = {*PARTS, *(canonicalize_name(Requirement(line).name) for line in built_by)}
    assert {name: version for name, (version, _) in hashed().items()} == {
        name: version for name, version in pinned().items() if name in needed
    }
    assert needed <= pinned().keys()


def test_both_processors_have_files_of_what_is_compiled() -> None:
    """An index that has the wheels of one machine alone would leave a hash or two."""
    compiled = ("cryptography", "polars-runtime-32", "psycopg-binary", "pydantic-core", "sqlcipher3")
    assert {name: hashed()[name][1] for name in compiled if hashed()[name][1] < 3} == {}


@pytest.mark.parametrize("name", sorted(SAID_NOWHERE))
def test_a_licence_told_in_a_file_alone_is_the_one_we_say(name: str) -> None:
    files = [file for file in PARTS[name].files or () if file.name == "LICENSE"]
    assert files
    assert ZLIB in files[0].read_text()
