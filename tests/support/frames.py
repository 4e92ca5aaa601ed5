"""Frames no browser sends: Streamlit's messages filled with junk, mutilated, and bytes that are none."""

from collections.abc import Iterator
from random import Random
from typing import Any, Final

from streamlit.proto.BackMsg_pb2 import BackMsg

TYPES: Final = tuple(BackMsg.DESCRIPTOR.fields_by_name)
JUNK: Final = ("", "\0", "\u202e", "../../etc/passwd", "=1+1", "<script>", "x" * 5_000, "claim", "\ufffd" * 3)
TOO_LONG: Final = 17_000_000
"""Bytes: more than any server of ours takes in one frame."""


def frames(dice: Random, count: int) -> Iterator[bytes | str]:
    """So many, of every kind; one is too long."""
    for number in range(count):
        if number == count // 2:
            yield b"\x5a" * TOO_LONG
        elif dice.random() < 0.05:
            yield dice.choice(JUNK)
        elif dice.random() < 0.1:
            yield dice.randbytes(dice.randrange(200))
        else:
            whole = bytes(junk(dice, dice.choice(TYPES)).SerializeToString())
            yield mutilated(dice, whole) if dice.random() < 0.4 else whole


def rerun(*, by_itself: bool) -> bytes:
    """What a page sends when it runs by itself, or because somebody did something."""
    message = BackMsg()
    message.rerun_script.is_auto_rerun = by_itself
    return bytes(message.SerializeToString())


def junk(dice: Random, kind: str) -> BackMsg:
    """A message of a type, its fields filled with anything that fits them."""
    message = BackMsg()
    field = BackMsg.DESCRIPTOR.fields_by_name[kind]
    if field.message_type is None:
        setattr(message, kind, dice.random() < 0.5)
    else:
        getattr(message, kind).SetInParent()
        _fill(dice, getattr(message, kind), 3)
    return message


def _fill(dice: Random, message: Any, deep: int) -> None:
    for field in message.DESCRIPTOR.fields:
        if dice.random() < 0.5:
            continue
        if field.message_type is not None:
            if deep and not field.message_type.GetOptions().map_entry:
                inner = getattr(message, field.name)
                _fill(dice, inner.add() if field.is_repeated else inner, deep - 1)
        elif field.is_repeated:
            getattr(message, field.name).extend([_value(dice, field)])
        else:
            setattr(message, field.name, _value(dice, field))


def _value(dice: Random, field: Any) -> Any:
    kinds = {
        field.CPPTYPE_STRING: lambda: dice.choice(JUNK),
        field.CPPTYPE_BOOL: lambda: dice.random() < 0.5,
        field.CPPTYPE_DOUBLE: lambda: dice.choice([0.0, -1.0, 1e308, float("nan"), float("inf")]),
        field.CPPTYPE_FLOAT: lambda: float("nan"),
        field.CPPTYPE_ENUM: lambda: field.enum_type.values[0].number,
    }
    value = kinds.get(field.cpp_type, lambda: dice.randrange(2**31))()
    return value.encode() if field.type == field.TYPE_BYTES else value


def mutilated(dice: Random, whole: bytes) -> bytes:
    """The bytes with some changed, left out, or put in."""
    content = bytearray(whole or b"\0")
    for _ in range(dice.randrange(1, 6)):
        place = dice.randrange(len(content) + 1)
        content[place : place + dice.randrange(3)] = dice.randbytes(dice.randrange(3))
    return bytes(content)
