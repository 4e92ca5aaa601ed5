"""The files to start Seventy with, held to what they name: commands, options, variables, directives."""

import json
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from typer.main import get_command

import dashboard
from dashboard.backups import LEAVE
from dashboard.cli import app

DEPLOY = Path(dashboard.__file__).parent / "deploy"
HOUSE = Path(dashboard.__file__).parents[1]
UNIT = DEPLOY / "seventy.service"
EXPOSED = 20
"""Tenths of 10, the most `systemd-analyze security` may find."""


def tool(name: str) -> str:
    """A program that checks a file; without it the test is skipped, and on CI it fails."""
    found = shutil.which(name)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(f"There is no {name}")
    return found or pytest.skip(f"There is no {name}")


def service() -> dict[str, str]:
    unit = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT, encoding="utf-8")
    return dict(unit["Service"])


def lines_of_container() -> Iterator[tuple[str, str]]:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            yield word, rest


def unknown_in(command: list[str]) -> list[str]:
    """Options of `seventy …` that are no options of that command."""
    assert Path(command[0]).name == "seventy"
    known = get_command(app).commands[command[1]]  # type: ignore[attr-defined]
    options = {name for parameter in known.params for name in parameter.opts}
    return [word for word in command[2:] if word.startswith("--") and word not in options]


def test_the_unit_starts_a_command_there_is() -> None:
    assert unknown_in(shlex.split(service()["ExecStart"])) == []


def test_the_unit_waits_until_what_has_begun_has_ended_and_the_record_is_let_go_of() -> None:
    assert int(service()["TimeoutStopSec"]) >= LEAVE + 10


def test_the_containers_command_is_one_there_is() -> None:
    (shell,) = (json.loads(rest) for word, rest in lines_of_container() if word == "CMD")
    assert unknown_in(shlex.split(shell[-1].removeprefix("exec "))) == []


def test_the_container_copies_the_source_alone_and_takes_what_has_a_hash() -> None:
    lines = list(lines_of_container())
    copied = {name for word, rest in lines if word == "COPY" for name in rest.split()[:-1]}
    assert copied == {"pyproject.toml", "README.md", "LICENSE", "dashboard", "models", "seed"}
    (built,) = (rest for word, rest in lines if word == "RUN")
    installs = [step for step in built.split("&&") if "pip install" in step]
    assert all("--require-hashes" in step or "--no-deps --no-build-isolation" in step for step in installs)
    assert "/src/dashboard/deploy/requirements.txt" in installs[0]
    assert (DEPLOY / "requirements.txt").is_file()


def test_the_container_is_nobodys_root_says_when_it_is_well_and_has_a_python_that_will_do() -> None:
    lines = list(lines_of_container())
    last = [rest for word, rest in lines if word == "USER"][-1]
    assert last.isdigit()
    assert int(last) > 0
    (check,) = (json.loads(rest.partition("CMD ")[2]) for word, rest in lines if word == "HEALTHCHECK")
    compile(check[2], "healthcheck", "exec")
    assert "/healthz" in check[2]
    (base,) = (rest for word, rest in lines if word == "FROM")
    needed = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert needed.removeprefix(">=") in base


@pytest.mark.parametrize("name", ["seventy.service", "Containerfile"])
def test_every_variable_a_file_sets_is_read_by_the_product(name: str) -> None:
    named = set(re.findall(r"SEVENTY_[A-Z_]+", (DEPLOY / name).read_text("utf-8"))) - {"SEVENTY_SITE"}
    source = "".join(
        path.read_text("utf-8") for room in ("dashboard", "models") for path in (HOUSE / room).rglob("*.py")
    )
    assert named
    assert {variable for variable in named if f'"{variable}"' not in source} == set()


def test_the_key_is_handed_over_with_what_lies_beside_it() -> None:
    """After a change of keys the trail's own key lies there, and another would seal the trail unnoticed.

    systemd names each file of a folder after what the folder is handed over as.
    """
    handed, _, folder = service()["LoadCredential"].partition(":")
    text = UNIT.read_text("utf-8")
    begun = re.search(r"SEVENTY_KEY_FILE=(/\S+)", text)
    assert begun is not None
    assert Path(begun[1]).parent == Path(folder)
    assert f"SEVENTY_KEY_FILE=%d/{handed}_{Path(begun[1]).name}\n" in text


def test_systemd_knows_every_line_of_the_unit_and_finds_it_closed(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    here = tmp_path / UNIT.name
    started = service()["ExecStart"].split()[0]
    here.write_text(UNIT.read_text("utf-8").replace(started, shutil.which("true") or "/bin/true"), "utf-8")
    verified = subprocess.run([analyze, "verify", here], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    limits = ["--offline=yes", f"--threshold={EXPOSED}", "--no-pager"]
    closed = subprocess.run([analyze, "security", *limits, here], capture_output=True, text=True, check=False)
    assert closed.returncode == 0, closed.stdout


def test_caddy_takes_its_file() -> None:
    caddy = tool("caddy")
    command = [caddy, "validate", "--config", DEPLOY / "Caddyfile", "--adapter", "caddyfile"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr


def test_the_readme_says_where_they_are_and_they_are_part_of_the_package() -> None:
    assert "`dashboard/deploy/`" in (HOUSE / "README.md").read_text("utf-8")
    shipped = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    assert shipped["package-data"]["dashboard"] == ["deploy/*"]
