"""Ctrl+C ends `seventy` without a Python traceback, however early it comes."""

import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"

PROGRAM = """
import sys, time, typer.main

class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == {at!r}:
            stop()

def stop(*_):
    print("here", flush=True)
    time.sleep(60)

sys.meta_path.insert(0, Stop())
if {at!r} == "typer.main.get_command":
    typer.main.get_command = stop
sys.argv = ["seventy", "scales"]
from {module} import {name}
sys.exit({name}())
"""
"""The console script, which stops where such a module is loaded, or where its commands are made."""


@pytest.mark.parametrize("at", ["dashboard.cli", "models.store.audit.events", "typer.main.get_command"])
def test_before_its_command_runs(at: str) -> None:
    scripts = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["scripts"]
    module, name = scripts["seventy"].split(":")
    program = [sys.executable, "-c", PROGRAM.format(at=at, module=module, name=name)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "here\n"
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (out, err) == ("", "")
    assert running.returncode in {-signal.SIGINT, 130}  # a shell says 130 of both
