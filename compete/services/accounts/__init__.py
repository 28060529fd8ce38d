"""Who may do what: accounts, roles in a competition, sign-in cards and PINs."""

from compete.services.accounts.access import (
    competitions_for,
    find_competition,
    is_organiser,
    membership_of,
    memberships_with,
)
from compete.services.accounts.accounts import (
    account_of_judge,
    check_password,
    create_account,
    grant_role,
    load_account,
    read_session,
)
from compete.services.accounts.pins import WrongPin, check_pin, set_pin
from compete.services.accounts.printed_cards import print_judge_cards
from compete.services.accounts.sign_in_cards import (
    cancel_cards,
    issue_card,
    peek_card,
    standing_card,
    use_card,
)

__all__ = [
    "WrongPin",
    "account_of_judge",
    "cancel_cards",
    "check_password",
    "check_pin",
    "competitions_for",
    "create_account",
    "find_competition",
    "grant_role",
    "is_organiser",
    "issue_card",
    "load_account",
    "membership_of",
    "memberships_with",
    "peek_card",
    "print_judge_cards",
    "read_session",
    "set_pin",
    "standing_card",
    "use_card",
]
