"""A statement as text, as a page and as data; each carries its seal, so that anybody can have it checked."""

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any, Final

from models.exchange.statements.statement import SEALED, Statement, canonical

MARK: Final = "seventy-statement"
_LINE: Final = re.compile(rf"^{MARK}: (\{{.*\}})\r?$", re.MULTILINE)
_META: Final = re.compile(rf'<meta name="{MARK}" content="([^"]*)">')
_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 17px/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.2rem;
  color: #1a1c1e; background: #fff; }
.sentence { font-size: 1.35rem; line-height: 1.45; border-left: 4px solid #2f6db5; padding-left: 1rem; }
dt { font-weight: 600; margin-top: 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { body { color: #e8e8e6; background: #16181a; } }
"""


class NotAStatementError(ValueError):
    """A file carries no statement that could be checked."""


def as_text(made: Statement) -> str:
    """Plain text: the sentence, the method, the seal in the last line."""
    method = "\n\n".join(f"{part.title}\n{part.text}" for part in made.appendix)
    return f"{made.sentence}\n\nHow this was counted\n\n{method}\n\n{MARK}: {canonical(made.seal)}\n"


def as_html(made: Statement) -> str:
    """A page that needs nothing but itself: no script, no address, light and dark."""
    method = "\n".join(f"<dt>{escape(part.title)}</dt><dd>{escape(part.text)}</dd>" for part in made.appendix)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="{MARK}" content="{escape(canonical(made.seal))}">\n'
        f"<title>Our own result</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<p class="sentence">{escape(made.sentence)}</p>\n<h2>How this was counted</h2>\n'
        f"<dl>\n{method}\n</dl>\n</body>\n</html>\n"
    )


def as_json(made: Statement) -> str:
    """The same as data."""
    return json.dumps(document_of(made), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def document_of(made: Statement) -> dict[str, Any]:
    """Seal, sentence, method, verdict, and the answer as far as it may leave the clinic."""
    return {
        MARK: made.seal,
        "sentence": made.sentence,
        "verdict": None if made.verdict is None else str(made.verdict),
        "withheld": made.withheld,
        "appendix": [part._asdict() for part in made.appendix],
        "answer": made.counts,
    }


def seal_of(text: str) -> dict[str, Any]:
    """The seal a file carries; `NotAStatementError` where it has none, or one that lacks a part."""
    seal = _sealed(text)
    if not isinstance(seal, dict) or any(part not in seal for part in SEALED):
        raise NotAStatementError(f"it carries no seal with {', '.join(SEALED)}")
    if not isinstance(seal["question"], dict):
        raise NotAStatementError(f"its question is a document; got {seal['question']!r}")
    lock = seal.get("lock")
    if lock is not None and (not isinstance(lock, int) or isinstance(lock, bool)):
        raise NotAStatementError(f"its lock is a whole number; got {lock!r}")
    return seal


def differences(text: str, again: Statement) -> Iterator[str]:
    """What in a file is not what the record says again; nothing where it is confirmed."""
    seal = seal_of(text)
    if seal["data_hash"] != again.data_hash:
        yield f"the hash of the data is not {seal['data_hash']}"
    if _flat(again.sentence) not in _flat(_said(text)):
        yield f"the sentence is “{again.sentence}”"
    if _is_html(text):
        same = _flat(text) == _flat(as_html(again))
    elif text.lstrip().startswith("{"):
        same = json.loads(text) == document_of(again)
    else:
        same = _flat(text) == _flat(as_text(again))
    if not same:
        yield "the file reads otherwise than the one made from the record"


def _sealed(text: str) -> Any:
    try:
        if text.lstrip().startswith("{"):
            document = json.loads(text)
            return document.get(MARK)
        found = (_META if _is_html(text) else _LINE).search(text)
        return None if found is None else json.loads(unescape(found[1]) if _is_html(text) else found[1])
    except (ValueError, RecursionError):  # also of numbers too long and lists too deep
        raise NotAStatementError("what it carries is not JSON") from None


def _said(text: str) -> str:
    if text.lstrip().startswith("{"):
        return str(json.loads(text).get("sentence", ""))
    return unescape(text) if _is_html(text) else text


def _is_html(text: str) -> bool:
    return text.lstrip()[:15].lower().startswith("<!doctype html")


def _flat(text: str) -> str:
    """Text without regard to how lines end: mail and editors change that."""
    return " ".join(text.split())
