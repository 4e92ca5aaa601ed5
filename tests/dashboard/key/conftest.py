"""A clinic whose key lies apart, and whose records are begun as a clinic begins them: encrypted."""

from pathlib import Path

import pytest

from tests.support.clinic_key import CANARY, KEPT
from tests.support.command import seventy


@pytest.fixture(name="key_file", autouse=True)
def _key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the clinic's key is to lie; records are begun as a clinic begins them."""
    path = tmp_path / "kept apart" / "seventy.key"
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(path))
    monkeypatch.delenv("SEVENTY_PLAIN")
    return path


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "clinic.db"


@pytest.fixture(name="db")
def _db(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture(name="people")
def _people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(f"mrn,family_name\n7,{CANARY}\n")
    return path


@pytest.fixture(name="encrypted")
def _encrypted(db: str, people: Path) -> str:
    """A record that `seventy import` began."""
    assert seventy("import", people, KEPT, db=db).status == 0
    return db
