"""Why nobody was signed in: told to the log in words that name no person; the browser learns the kind."""

from enum import StrEnum


class Why(StrEnum):
    """What was wrong. Nothing of a token, an address or a person is ever put into it."""

    NOT_BEGUN = "no sign-in was begun on this browser, or it was begun more than ten minutes ago"
    STATE = "the state is not the one this browser was sent away with"
    USED = "the state was used already"
    REPEATED = "a parameter came more than once"
    RESPONSE_ISSUER = "the answer is another issuer's, or does not say whose"
    DENIED = "the provider answered with an error in place of a code"
    NO_CODE = "the provider gave no code"
    CODE = "the provider did not take the code"
    NO_TOKEN = "the provider gave no ID token"  # noqa: S105
    ALGORITHM = "the token is not signed, or not in a way that is allowed"
    SIGNATURE = "the token is not signed with a key of the provider"
    MALFORMED = "the token cannot be read"
    KIND = "the token is of another kind"
    ISSUER = "the token is another issuer's"
    AUDIENCE = "the token is for somebody else"
    TIME = "the token has expired, or its times are missing or not yet"
    NONCE = "the nonce is missing, or not the one of this sign-in"
    CLAIM = "a claim of the token is missing or wrong"
    NOT_AGAIN = "the provider did not ask the person again"
    OTHER_PERSON = "somebody else than before proved who they are"
    SECOND_FACTOR = "the provider vouches for no second factor"
    EMAIL = "the subject is linked to no account, and has no verified e-mail"
    NOBODY = "no active account is linked to the subject, and none can be by its e-mail"
    MEANWHILE = "the account was changed or signed out everywhere while the provider was asked"
    AWAY = "the provider does not answer"
    UNUSABLE = "what the provider tells of itself is not what it must be, or names another issuer"


AWAY = frozenset({Why.AWAY, Why.UNUSABLE})
NOT_FOR_THEM = frozenset({Why.SECOND_FACTOR, Why.EMAIL, Why.NOBODY, Why.OTHER_PERSON})


class RefusalError(Exception):
    """Nobody was signed in."""

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(why)

    @property
    def status(self) -> int:
        """503 when the provider is at fault, 403 for whom it knows and we do not, else 401."""
        return 503 if self.why in AWAY else 403 if self.why in NOT_FOR_THEM else 401
