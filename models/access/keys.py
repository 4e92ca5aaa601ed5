"""The clinic's one key: it opens the database, proves the audit chain, and seals secrets and cookies.

Losing the key is losing the record, and whoever holds it beside a copy of the database can read everything:
its file lies outside the data folder, and a sheet on paper brings it back.
"""

import base64
import hmac
import os
import re
import secrets
from errno import EEXIST
from glob import escape
from pathlib import Path
from shlex import quote
from tempfile import mkstemp
from typing import Self

import platformdirs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.access import key_sheet

UNTIL = ".until-"
"""Between a key's name and the moment it was replaced."""
DATABASE, AUDIT, SECRETS, COOKIES = "database", "audit", "secrets", "cookies"
PURPOSES = (DATABASE, AUDIT, SECRETS, COOKIES)
"""What keys are derived for: the record's file, its trail, what it holds sealed, what browsers carry."""

_KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = "v1."


class KeyFileError(ValueError):
    """A key's file cannot be used: which file, what is wrong with it, and what is allowed."""


class SealError(ValueError):
    """A sealed text was altered, belongs to something else, or was sealed with another key."""


class Keys:
    """One master key of 32 bytes, and the keys derived from it. It never shows itself: see `fingerprint`."""

    __slots__ = ("_master",)

    def __init__(self, master: bytes) -> None:
        if len(master) != _KEY_BYTES:
            raise ValueError(f"a key has {_KEY_BYTES} bytes; got {len(master)}")
        self._master = bytes(master)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The key in `path`: one line of 64 hex digits, in a file that nobody but its owner can open.

        Raises `KeyFileError` for other content or an open file, `OSError` for one that cannot be read.
        """
        with path.open("rb") as file:
            refuse_open_to_others(path, os.fstat(file.fileno()).st_mode)
            content = file.read(1024).strip()
        if not re.fullmatch(rb"[0-9a-fA-F]{64}", content):
            raise KeyFileError(f"{path}: a key is one line of 64 hex digits; got {len(content)} characters")
        return cls(bytes.fromhex(content.decode("ascii")))

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new random key, written to `path` for its owner alone and on the disk when this returns.

        Raises `FileExistsError` rather than replace a key, and leaves no part of a key that was not written.
        """
        keys = cls(secrets.token_bytes(_KEY_BYTES))
        keys.write(path)
        return keys

    def write(self, path: Path) -> None:
        """Writes the key as `create` does: for a key that came from its sheet. Same errors."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))
        descriptor, name = mkstemp(prefix=f".{path.name}.", suffix=".unfinished", dir=path.parent)
        aside = Path(name)
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123 - a Path cannot open a descriptor
                file.write(self._master.hex().encode("ascii") + b"\n")
                file.flush()
                os.fsync(file.fileno())
            give_name(aside, path)
        finally:
            aside.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def derive(self, purpose: str) -> bytes:
        """The 32 bytes of key for one of `PURPOSES`: HKDF-SHA256 (RFC 5869), no salt, `info` the purpose.

        Raises `ValueError` for another purpose, whose key nothing else would find.
        """
        if purpose not in PURPOSES:
            raise ValueError(f"a key's purpose is one of {', '.join(PURPOSES)}; got {purpose!r}")
        return self._derived(purpose)

    def seal(self, purpose: str, plaintext: bytes, about: str) -> str:
        """`plaintext` sealed with AES-256-GCM: "v1." and URL-safe base64 of nonce, ciphertext and tag.

        `about` names what it belongs to ("account:totp:17"), and must be said again to open it: a sealed text
        copied to another row opens nothing there. Raises `ValueError` for another purpose than `PURPOSES`.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher(purpose).encrypt(nonce, plaintext, about.encode())
        return _packed(sealed)

    def open(self, purpose: str, sealed: str, about: str) -> bytes:
        """What `seal` was given with the same purpose and `about`; raises `SealError` for anything else."""
        cipher = self._cipher(purpose)
        try:
            whole = _unpacked(sealed)
            return cipher.decrypt(whole[:_NONCE_BYTES], whole[_NONCE_BYTES:], about.encode())
        except (ValueError, InvalidTag) as error:
            raise SealError(
                f"{about}: was altered, was sealed for something else, or with another key than "
                f"{self.fingerprint()}"
            ) from error

    def recovery_sheet(self, clinic: str, trail: "Keys | None" = None) -> str:
        """The key as a page to print and lock away: four lines with check digits, what for, a blank date.

        `trail` is the key of the audit trail; where it is another one, four more lines bear it.
        """
        another = None if trail is None or trail == self else (trail._master, trail.fingerprint())  # noqa: SLF001
        return key_sheet.written(self._master, clinic=clinic, fingerprint=self.fingerprint(), trail=another)

    @classmethod
    def from_sheet(cls, text: str) -> Self:
        """The key on a sheet, typed whole or its lines only; `SheetError` names the wrong line."""
        return cls(key_sheet.read(text)[0])

    @classmethod
    def trail_from_sheet(cls, text: str) -> Self | None:
        """The key of the audit trail on the same sheet, where it is another one. Same errors."""
        others = key_sheet.read(text)[1:]
        return cls(others[0]) if others else None

    def begins_line(self, number: int, typed: str) -> bool:
        """Whether these are the first eight digits of a line (1 to 4) of its sheet: it is at hand."""
        return key_sheet.begins_line(self._master, number, typed)

    def fingerprint(self) -> str:
        """8 hex digits that tell two keys apart and say nothing of either: safe to show and to log."""
        return self._derived("fingerprint")[:4].hex()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keys) and hmac.compare_digest(self._master, other._master)

    def __hash__(self) -> int:
        return hash(self.fingerprint())

    def __repr__(self) -> str:
        return f"Keys({self.fingerprint()})"

    def _derived(self, info: str) -> bytes:
        return HKDF(SHA256(), _KEY_BYTES, salt=None, info=info.encode()).derive(self._master)

    def _cipher(self, purpose: str) -> AESGCM:
        self.derive(purpose)  # refuses an unknown purpose
        return AESGCM(self._derived(f"seal:{purpose}"))  # the derived key itself may also sign


def key_file() -> Path:
    """Where the clinic's key lies: `SEVENTY_KEY_FILE`, else in the user's configuration folder.

    That folder never is the data folder, whose copies would then carry the key beside what it locks.
    """
    named = os.environ.get("SEVENTY_KEY_FILE")
    if named:
        return Path(named).expanduser()
    folder = platformdirs.user_config_path("seventy")
    if folder == platformdirs.user_data_path("seventy"):  # macOS and Windows keep both in one place
        folder = platformdirs.user_config_path("seventy-key")
    return folder / "seventy.key"


def first_key_file() -> Path:
    """Where a change of keys keeps the key the audit trail was begun with, and goes on sealing it."""
    path = key_file()
    return path.with_name(f"{_clinics(path)}.trail")


def former_key_files() -> list[Path]:
    """The other keys that changes of keys have replaced, the oldest first."""
    path = key_file()
    return sorted(
        former for former in path.parent.glob(f"{escape(_clinics(path))}{UNTIL}*") if former != path
    )


def trail_key_file() -> Path:
    """Where the key lies that seals the audit trail: the one it began with, which a change of keys keeps.

    Raises `KeyFileError` when the key was changed and that file is gone: another key must not go on instead.
    """
    first = first_key_file()
    if first.exists():
        return first
    if former_key_files():
        raise KeyFileError(
            f"{first}: is missing, and seals the audit trail since the key was changed; `seventy doctor` "
            "says how to bring it back"
        )
    return key_file()


def _clinics(path: Path) -> str:
    """The name of the clinic's key where a former one is named in its stead, to open an older backup."""
    return path.name.partition(UNTIL)[0]


def _packed(sealed: bytes) -> str:
    return _VERSION + base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")


def _unpacked(text: str) -> bytes:
    encoded = text.removeprefix(_VERSION)
    sealed = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    if _packed(sealed) != text:  # the decoder passes over stray characters, spare bits and a missing version
        raise ValueError("not as it was packed")
    return sealed


def refuse_open_to_others(path: Path, mode: int) -> None:
    """Raises `KeyFileError` for a file of a key or a secret that anybody but its owner can open."""
    if os.name != "posix":
        return
    allowed = 0o600
    handed_over = os.environ.get("CREDENTIALS_DIRECTORY")
    if handed_over and path.resolve().is_relative_to(Path(handed_over).resolve()):
        allowed = 0o640  # systemd lets the service in by an access list, which shows as the group's bit
    if mode & 0o077 & ~allowed:
        raise KeyFileError(
            f"{path}: a key's file is its owner's alone (mode 0600); got {mode & 0o777:04o}. "
            "Whoever could read it may have a copy of the key; from now on "
            f"`chmod 600 {quote(str(path))}` closes it to them"
        )


def give_name(aside: Path, path: Path) -> None:
    """Gives a whole file its name, at once, and never another file's: `FileExistsError`."""
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no links, as a stick: the name is claimed first, then given
        path.touch(mode=0o600, exist_ok=False)
        aside.replace(path)


def _sync_folder(folder: Path) -> None:
    """Makes the new file's name as lasting as its content; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
