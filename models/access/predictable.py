"""Which passwords are guessed first, however long: common ones, runs, repeats, and names that lie at hand."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import pairwise
from unicodedata import normalize

_TRACKS = (  # along which a finger runs; the alphabet and the digits are neighbours by their code already
    *("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0"),
    *(
        "qazwsxedcrfvtgbyhnujmikolp",
        "qawsedrftgyhujikolp",
        "890",
        "za",
        "йцукенгшщзхъ",
        "фывапролджэ",
        "ячсмитьбю",
    ),
)
_NEIGHBOURS = frozenset(pair for track in _TRACKS for way in (track, track[::-1]) for pair in pairwise(way))
_MOST_RUNS = 4  # 1234 qwer asdf zxcv
_LONGEST_BLOCK = 8
_SHORTEST_NAME = 3
_PRODUCT_WORDS = ("seventy", "ketamine", "esketamine", "clinic", "password")
_DISGUISE = str.maketrans("013457@$!€", "oleastasie")


def is_common(password: str) -> bool:
    """Whether it stands in blocklist.txt, as it is or with digits and signs added or put for letters."""
    return not _blocklist().isdisjoint(_readings(password))


def is_a_run(password: str) -> bool:
    """Whether it is at most four runs along the alphabet, the digits or a keyboard; "aaaa" is a run too."""
    text = _folded(password)
    breaks = sum(not _next_to(one, other) for one, other in pairwise(text))
    return breaks < _MOST_RUNS


def is_a_block_repeated(password: str) -> bool:
    """Whether a block of up to 8 characters comes over and over, the last time perhaps in part."""
    text = _folded(password)
    longest = min(_LONGEST_BLOCK, len(text) // 2)
    return any(text[size:] == text[:-size] for size in range(1, longest + 1))


def is_made_of(password: str, names: Iterable[str]) -> bool:
    """Whether only digits and signs are left beside the product's words and `names` or parts of them."""
    words = set(_PRODUCT_WORDS)
    for name in names:
        parts = "".join(letter if letter.isalpha() else " " for letter in _folded(name)).split()
        words.update(word for word in (*parts, "".join(parts)) if len(word) >= _SHORTEST_NAME)
    return any(_is_joined(reading, words) for reading in _readings(password))


def _is_joined(text: str, words: Iterable[str]) -> bool:
    reached = {0}
    for start in range(len(text)):
        if start in reached:
            reached.update(start + len(word) for word in words if text.startswith(word, start))
    return bool(text) and len(text) in reached


def _readings(password: str) -> set[str]:
    """As typed; without signs; without digits; and with the letters that digits and signs stand for."""
    text = _folded(password)
    characters = "".join(one for one in text if one.isalnum())
    letters = "".join(one for one in text if one.isalpha())
    undisguised = (
        "".join(one for one in part.translate(_DISGUISE) if one.isalpha()) for part in (text, _core(text))
    )
    return {text, characters, letters, *undisguised}


def _core(text: str) -> str:
    """The text from its first letter to its last."""
    letters = [at for at, one in enumerate(text) if one.isalpha()]
    return text[letters[0] : letters[-1] + 1] if letters else ""


def _next_to(one: str, other: str) -> bool:
    return abs(ord(one) - ord(other)) <= 1 or (one, other) in _NEIGHBOURS


def _folded(text: str) -> str:
    return normalize("NFKC", text).casefold()


@cache
def _blocklist() -> frozenset[str]:
    lines = (files("models.access") / "blocklist.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
