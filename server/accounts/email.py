"""What an e-mail address is here (p): one spelling for each, and nothing in it that could become part of a header."""

import re

from server.errors import InvalidInputError

EMAIL_CHARS_MAX = 254
_SHAPE = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}"
)


def email_of(text: object) -> str:
    """Return an address in small letters.

    ASCII alone: letters that look alike would make two people of one. Small letters also before the @: every provider
    that anybody uses takes them for the same, and whoever can read a mailbox in capitals reads it in small ones.

    Raises:
        InvalidInputError: it is no address.
    """
    found = text.strip().lower() if isinstance(text, str) and len(text) <= EMAIL_CHARS_MAX + 2 else ""
    if len(found) > EMAIL_CHARS_MAX or not _SHAPE.fullmatch(found):
        raise InvalidInputError("email: expected an address such as ada@example.org")
    return found
