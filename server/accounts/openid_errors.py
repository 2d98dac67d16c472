"""Why a sign-in by OpenID Connect did not come about (p), in one word that the sign-in page has a sentence for."""

from enum import StrEnum


class Why(StrEnum):
    """The words stand in an address (`/#signin-failed=WORD`), so they say nothing of anybody."""

    EXPIRED = "expired"
    """It took too long, was begun in another browser or tab, or was over already."""
    REFUSED = "refused"
    """The provider did not let the person in, or the person turned back there."""
    UNREACHABLE = "unreachable"
    """The provider did not answer."""
    INVALID = "invalid"
    """The provider's answer was not one that can be trusted. The log says what was wrong."""
    MAIL = "mail"
    """The provider has not confirmed an e-mail address of this person."""
    LETTER = "letter"
    """Somebody signs in by this address already: a letter was sent there, by which both ways in become one."""
    TAKEN = "taken"
    """The address belongs to another person of the same provider."""
    CLOSED = "closed"
    """A stranger, and strangers are not let in here."""
    OFTEN = "often"
    """Tried too often."""


class OpenIdError(Exception):
    """A sign-in ends here. `reason` is for the log: it says what was expected and what came, and no secret."""

    def __init__(self, why: Why, reason: str) -> None:
        super().__init__(f"{why}: {reason}")
        self.why = why
        self.reason = reason
