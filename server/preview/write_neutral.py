"""Paints the neutral card anew, beside this file, to be shipped: `make pictures` does so."""

from pathlib import Path

from server.preview.card import neutral

TARGET = Path(__file__).parent / "neutral.png"


def write(target: Path = TARGET) -> int:
    """Write the picture; returns how many bytes it has."""
    return target.write_bytes(neutral())


if __name__ == "__main__":
    write()
