"""Paints the cards of docs/pictures, and the neutral one that is shipped: `make pictures`."""

from pathlib import Path

from server.preview.card import live
from server.preview.write_neutral import TARGET, write
from tests.preview.states import NOW, busy

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


def main(folder: Path = FOLDER, neutral: Path = TARGET) -> None:
    write(neutral)
    (folder / "card-neutral.png").write_bytes(neutral.read_bytes())
    for name, night in (("card-day.png", False), ("card-night.png", True)):
        (folder / name).write_bytes(live(busy(), "titles", NOW, night=night, zone_ms=0))


if __name__ == "__main__":
    main()
