"""Who may do what: one table in `roles.toml`, asked here and nowhere else."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final, NamedTuple


class Role(StrEnum):
    """What somebody does in the clinic."""

    CLINICIAN = "clinician"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"

    @property
    def shown(self) -> str:
        """As a person would say it."""
        return "Practice manager" if self is Role.MANAGER else self.value.capitalize()


class Right(StrEnum):
    """Something a role may or may not do."""

    RECORD = "record"
    WITHDRAW = "withdraw"
    PATIENTS = "patients"
    RATES = "rates"
    TAKE = "take"
    DEFINITIONS = "definitions"
    QUESTION = "question"
    CLINIC = "clinic"
    EXTRACT = "extract"
    FILES = "files"
    ACCOUNTS = "accounts"
    KEEPING = "keeping"
    ERASING = "erasing"
    AUDIT = "audit"
    MACHINE = "machine"
    BREAK_GLASS = "break_glass"


OPERATOR: Final = "operator"
"""Who gives commands on the machine, as the table calls them: no role an account can have."""


class Rule(NamedTuple):
    """One line of the table. `elevated` rights show names and whole records.

    `proof` rights are used only by whoever has proved a short while ago who they are.
    """

    allows: str
    roles: frozenset[Role]
    operator: bool
    elevated: bool
    proof: bool

    @property
    def whose(self) -> str:
        """Who has the right, in words: `an administrator or auditor`."""
        named = sorted(role.shown.lower() for role in self.roles) or ["operator of the machine"]
        return f"{'an' if named[0][0] in 'aeiou' else 'a'} {' or '.join(named)}"


def _read() -> Mapping[Right, Rule]:
    text = files(__package__).joinpath("roles.toml").read_text("utf-8")
    table: dict[str, dict[str, Any]] = tomllib.loads(text)
    if set(table) != set(Right):
        raise ValueError(f"roles.toml must have exactly the rights {', '.join(Right)}")
    return {
        Right(name): Rule(
            line["allows"],
            frozenset(Role(role) for role in line["roles"] if role != OPERATOR),
            OPERATOR in line["roles"],
            line.get("elevated", False),
            line.get("proof", False),
        )
        for name, line in table.items()
    }


RULES: Final[Mapping[Right, Rule]] = _read()


def may(role: Role, right: Right, *, sees_names: bool = False, elevated: bool = False) -> bool:
    """Whether somebody of this role has a right.

    `sees_names` is one manager's standing right to names, `elevated` that the person broke the glass.
    """
    rule = RULES[right]
    if role in rule.roles:
        return True
    lifted = (sees_names and role is Role.MANAGER) or (elevated and role in RULES[Right.BREAK_GLASS].roles)
    return rule.elevated and lifted
