"""The README's table of roles is the one the product asks."""

from pathlib import Path

from models.access.roles import OPERATOR, RULES, Role

README = Path(__file__).parents[2] / "README.md"
START, END = "<!-- roles: made by the tests -->", "<!-- end of roles -->"


def table() -> str:
    """The rights, one a row, and a dot for every role that has it."""
    heads = ("may", *(role.shown.lower() for role in Role), OPERATOR)
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    rows = (
        (
            rule.allows + " †" * rule.proof,
            *("yes" if has else "" for has in (*(role in rule.roles for role in Role), rule.operator)),
        )
        for rule in RULES.values()
    )
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def test_the_readme_shows_who_may_do_what() -> None:
    text = README.read_text(encoding="utf-8")
    shown = text.partition(START)[2].partition(END)[0].strip()
    assert shown == table()
