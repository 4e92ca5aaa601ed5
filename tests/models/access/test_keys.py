"""The clinic's key: in a file of its owner's alone, derived for each purpose, sealing secrets."""

import errno
import hmac
import os
import signal
import stat
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.access import keys as keys_module
from models.access.keys import PURPOSES, KeyFileError, Keys, SealError, key_file
from tests.support.programs import Program

KEYS = Keys(bytes(range(32)))
OTHER = Keys(bytes(range(1, 33)))
ABOUT = "account:totp:17"
purposes = st.sampled_from(PURPOSES)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "of the clinic" / "seventy.key"


def test_a_key_that_is_created_is_read_again(path: Path) -> None:
    created = Keys.create(path)
    assert Keys.read(path) == created
    assert len(path.read_text(encoding="ascii")) == 65


def test_no_key_is_made_twice(tmp_path: Path) -> None:
    assert Keys.create(tmp_path / "one.key") != Keys.create(tmp_path / "two.key")


def test_the_file_and_its_new_folder_are_the_owners_alone(path: Path) -> None:
    old_mask = os.umask(0)
    try:
        Keys.create(path)
    finally:
        os.umask(old_mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_key_is_never_replaced(path: Path) -> None:
    created = Keys.create(path)
    with pytest.raises(FileExistsError):
        Keys.create(path)
    assert Keys.read(path) == created


def test_a_key_that_was_not_written_leaves_no_part_of_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keys_module.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        Keys.create(path)
    assert list(path.parent.iterdir()) == []


def test_a_kill_while_a_key_is_written_leaves_no_file_that_is_no_key(path: Path) -> None:
    assert Program(is_killed_as_it_writes, path).ended() == -signal.SIGKILL
    assert not path.exists()
    assert Keys.create(path) == Keys.read(path)


def is_killed_as_it_writes(path: Path) -> None:
    """Killed once the file is there, and nothing of the key on the disk."""
    os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
    Keys.create(path)


@pytest.mark.parametrize("links", [True, False])
def test_of_two_who_make_the_key_at_once_the_later_finds_it_made(
    path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    """Also on a disk that knows no links, as a stick."""

    def unknown(_: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", str(target))

    if not links:
        monkeypatch.setattr(Path, "hardlink_to", unknown)
    created = Keys.create(path)
    monkeypatch.setattr(Path, "exists", lambda _: False)
    with pytest.raises(FileExistsError):
        Keys.create(path)
    assert Keys.read(path) == created
    assert [file.name for file in path.parent.iterdir()] == ["seventy.key"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o666, 0o601])
def test_a_file_that_others_can_open_is_refused(path: Path, mode: int) -> None:
    Keys.create(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=f"seventy.key.*0600.*{mode:04o}") as refused:
        Keys.read(path)
    assert f"`chmod 600 '{path}'` closes it" in str(refused.value)


def test_a_credential_handed_over_by_systemd_may_show_the_groups_bit(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = Keys.create(path)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(path.parent))
    path.chmod(0o440)
    assert Keys.read(path) == created
    path.chmod(0o444)
    with pytest.raises(KeyFileError):
        Keys.read(path)


@pytest.mark.parametrize(
    "content", ["", "00" * 31, "00" * 33, "0g" * 32, "00" * 32 + "\n" + "00" * 32, "٠" * 64]
)
def test_a_file_that_holds_no_key_is_refused(path: Path, content: str) -> None:
    Keys.create(path)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(KeyFileError, match="64 hex digits; got"):
        Keys.read(path)


def test_a_file_that_is_not_there_is_said_to_be_missing(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Keys.read(path)


def test_the_key_lies_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(tmp_path / "elsewhere.key"))
    assert key_file() == tmp_path / "elsewhere.key"


def test_else_it_lies_outside_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SEVENTY_KEY_FILE")
    assert key_file() == platformdirs.user_config_path("seventy") / "seventy.key"
    assert not key_file().is_relative_to(platformdirs.user_data_path("seventy"))
    for kind in ("user_config_path", "user_data_path"):  # one folder for both, as on macOS and Windows
        monkeypatch.setattr(platformdirs, kind, lambda name: tmp_path / name)
    assert key_file() == tmp_path / "seventy-key" / "seventy.key"


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_master_key_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match=f"32 bytes; got {length}"):
        Keys(bytes(length))


def test_each_purpose_has_a_key_of_its_own_by_rfc_5869() -> None:
    extracted = hmac.digest(bytes(32), KEYS._master, "sha256")
    assert {purpose: KEYS.derive(purpose) for purpose in PURPOSES} == {
        purpose: hmac.digest(extracted, purpose.encode() + b"\x01", "sha256") for purpose in PURPOSES
    }


def test_an_unknown_purpose_is_refused() -> None:
    for ask in (lambda: KEYS.derive("cookie"), lambda: KEYS.seal("cookie", b"", ABOUT)):
        with pytest.raises(ValueError, match=r"database, audit, secrets, cookies; got 'cookie'"):
            ask()


def test_the_fingerprint_tells_keys_apart_and_gives_none_away() -> None:
    assert len(KEYS.fingerprint()) == 8
    assert KEYS.fingerprint() != OTHER.fingerprint()
    assert KEYS.fingerprint() not in KEYS._master.hex()
    assert repr(KEYS) == f"Keys({KEYS.fingerprint()})"
    assert {KEYS: "found"}[Keys(KEYS._master)] == "found"


@given(purposes, st.binary(max_size=200), st.text(max_size=30))
def test_what_is_sealed_opens_again(purpose: str, plaintext: bytes, about: str) -> None:
    sealed = KEYS.seal(purpose, plaintext, about)
    assert sealed.startswith("v1.")
    assert sealed.isascii()
    assert KEYS.open(purpose, sealed, about) == plaintext
    assert KEYS.seal(purpose, plaintext, about) != sealed


@given(st.binary(max_size=60), st.data())
def test_one_altered_character_opens_nothing(plaintext: bytes, data: st.DataObject) -> None:
    sealed = KEYS.seal("secrets", plaintext, ABOUT)
    at = data.draw(st.integers(0, len(sealed) - 1))
    letter = data.draw(st.characters().filter(lambda one: one != sealed[at]))
    with pytest.raises(SealError, match="account:totp:17"):
        KEYS.open("secrets", sealed[:at] + letter + sealed[at + 1 :], ABOUT)


@given(st.text(max_size=80))
def test_no_other_text_opens(text: str) -> None:
    with pytest.raises(SealError):
        KEYS.open("secrets", text, ABOUT)


def test_a_sealed_text_is_bound_to_what_it_is_about_to_its_purpose_and_to_the_key() -> None:
    sealed = KEYS.seal("secrets", b"JBSWY3DPEHPK3PXP", ABOUT)
    for keys, purpose, about in (
        (KEYS, "secrets", "account:totp:18"),
        (KEYS, "cookies", ABOUT),
        (OTHER, "secrets", ABOUT),
    ):
        with pytest.raises(SealError):
            keys.open(purpose, sealed, about)
    for altered in (sealed[:-1], sealed + "A", sealed + "=", " " + sealed, sealed.removeprefix("v1.")):
        with pytest.raises(SealError):
            KEYS.open("secrets", altered, ABOUT)


def test_an_error_says_nothing_of_what_was_sealed() -> None:
    sealed = KEYS.seal("secrets", b"JBSWY3DPEHPK3PXP", ABOUT)
    with pytest.raises(SealError) as error:
        KEYS.open("secrets", sealed + "x", ABOUT)
    assert "JBSWY" not in str(error.value)
    assert sealed not in str(error.value)
