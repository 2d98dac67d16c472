"""Texts that people wrote, cut to what a frame has room for."""

chars_max = 120
"""Titles, names and notes are cut here."""
char_bytes_max = 6
"""The longest one character gets in JSON: a control character becomes backslash, u and four digits."""


def cut(text: str, bytes_max: int) -> str:
    """The longest beginning of a text with at most `chars_max` characters and ``bytes_max`` bytes as JSON in UTF-8.

    Halves of surrogate pairs, which UTF-8 cannot carry, become question marks. The quotes around are not counted.
    """
    text = text[:chars_max]
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text) * char_bytes_max <= bytes_max:
        return text
    room = bytes_max
    for index, char in enumerate(text):
        room -= _json_bytes(char)
        if room < 0:
            return text[:index]
    return text


def _json_bytes(char: str) -> int:
    if char < " ":
        return char_bytes_max
    return 2 if char in '"\\' else len(char.encode())
