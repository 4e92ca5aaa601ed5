"""The clinic's key is not where it is looked for: no other is made for a trail that some key has sealed."""

from pathlib import Path

import pytest

from tests.support.command import seventy

ADD = ("user", "add", "--role", "auditor")


def test_no_other_key_goes_on_with_the_trail(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEVENTY_PLAIN", "1")
    assert seventy(*ADD, "ada", db=database_url).status == 0
    with monkeypatch.context() as away:
        key = tmp_path / "away" / "seventy.key"
        away.setenv("SEVENTY_KEY_FILE", str(key))
        for words in ((*ADD, "bob"), ("verify",)):
            run = seventy(*words, db=database_url)
            assert run.status == 3
            assert f"{key}: is not there, and the audit trail was sealed with the key in it" in run.err
        assert not key.exists()
        assert seventy("doctor", db=database_url).status == 1
        assert not key.exists()
    assert seventy(*ADD, "bob", db=database_url).status == 0
    assert seventy("verify", db=database_url).status == 0
