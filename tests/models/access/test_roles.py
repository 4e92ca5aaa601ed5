import pytest

from models.access.roles import OPERATOR, RULES, Right, Role, may
from models.tables.words import ROLES

EXPECTED = {
    Right.RECORD: {"clinician"},
    Right.WITHDRAW: {"clinician"},
    Right.PATIENTS: {"clinician"},
    Right.RATES: {"clinician", "manager", "auditor"},
    Right.TAKE: {"clinician", "manager", "auditor"},
    Right.DEFINITIONS: {"clinician", "manager", "administrator", "auditor"},
    Right.QUESTION: {"manager"},
    Right.CLINIC: {"manager", "administrator"},
    Right.EXTRACT: {"manager", "administrator"},
    Right.FILES: {"clinician", "administrator"},
    Right.ACCOUNTS: {"administrator"},
    Right.KEEPING: {"administrator"},
    Right.ERASING: {"administrator"},
    Right.AUDIT: {"auditor"},
    Right.MACHINE: set(),
    Right.BREAK_GLASS: {"manager", "administrator"},
}


ASKED_ANEW = {Right.WITHDRAW, Right.TAKE, Right.ACCOUNTS, Right.BREAK_GLASS}


@pytest.mark.parametrize("right", Right)
def test_who_somebody_is_is_asked_anew_before_names_leave_scores_are_withdrawn_or_rights_change(
    right: Right,
) -> None:
    assert RULES[right].proof == (right in ASKED_ANEW)


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_every_cell_of_the_table(role: Role, right: Right) -> None:
    assert may(role, right) == (role in EXPECTED[right])


def test_the_operator_of_the_machine_is_no_role_an_account_can_have() -> None:
    assert OPERATOR not in set(Role)
    assert {right for right, rule in RULES.items() if not rule.operator} == {
        Right.WITHDRAW,
        Right.TAKE,
        Right.CLINIC,
        Right.BREAK_GLASS,
    }


@pytest.mark.parametrize("right", Right)
def test_the_right_to_names_gives_a_manager_the_patients_and_nobody_anything_else(right: Right) -> None:
    for role in Role:
        gained = may(role, right, sees_names=True) and not may(role, right)
        assert gained == (role is Role.MANAGER and right is Right.PATIENTS)


@pytest.mark.parametrize("right", Right)
def test_a_broken_glass_shows_patients_and_changes_nothing(right: Right) -> None:
    for role in Role:
        gained = may(role, right, elevated=True) and not may(role, right)
        assert gained == (role in {Role.MANAGER, Role.ADMINISTRATOR} and right is Right.PATIENTS)


def test_the_table_says_what_each_right_allows_and_the_record_knows_every_role() -> None:
    assert all(rule.allows for rule in RULES.values())
    assert set(Role) == set(ROLES)
