"""The house's own rules, where a command can check them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
ROOMS = ("dashboard", "models", "seed", "tests")
PYTHON_FILES = sorted(path for room in ROOMS for path in (HOUSE / room).rglob("*.py"))
README = (HOUSE / "README.md").read_text(encoding="utf-8")


def test_the_import_walls_stand() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    walls = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert walls.returncode == 0, walls.stdout + walls.stderr


@pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_no_file_is_longer_than_three_hundred_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_files_leave_by_our_own_route_alone() -> None:
    sources = (HOUSE / "dashboard").rglob("*.py")
    assert not [path for path in sources if "st.download_button" in path.read_text(encoding="utf-8")]


def test_the_readme_gives_the_two_commands_in_its_first_screen() -> None:
    first_screen = "\n".join(README.splitlines()[:40])
    assert "pip install -e . -c constraints.txt && seventy demo" in first_screen
    assert 'pip install -e ".[test]" -c constraints.txt && pytest' in first_screen


def test_every_file_the_readme_points_to_exists() -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)\)", README)
    assert targets
    assert not [target for target in targets if not (HOUSE / target).exists()]


@pytest.mark.parametrize(
    "house",
    [
        *("models/store", "models/outcomes", "models/exchange"),
        *("dashboard/components", "dashboard/charts", "dashboard/cli"),
    ],
)
def test_every_room_is_in_the_readme_and_says_what_it_is_for(house: str) -> None:
    line = next(line for line in README.splitlines() if line.startswith(f"| `{house}` |"))
    rooms = [path.parent for path in (HOUSE / house).glob("*/__init__.py")]
    assert {room.name for room in rooms} == set(re.findall(r"`(\w+)`", line))
    assert all((room / "__init__.py").read_text(encoding="utf-8").startswith('"""') for room in rooms)


def test_every_scale_file_is_in_the_readme_count_of_scales() -> None:
    shipped = len(list((HOUSE / "models" / "scales").rglob("*.toml")))
    assert f"{shipped} scales" in README
