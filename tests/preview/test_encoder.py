from pathlib import Path

import pytest
from PIL import Image, ImageSequence

from server.preview.encoder import Encoder, EncoderError, gif, mp4, write_palette
from tests.preview.looking import boxes, read_mp4

SIZE = (160, 90)


def flat(*colour: int) -> bytes:
    return bytes(colour) * (SIZE[0] * SIZE[1])


def halves(left: tuple[int, ...], right: tuple[int, ...]) -> bytes:
    return (bytes(left) * 80 + bytes(right) * 80) * 90


RED, GREEN, BLUE = (200, 40, 30), (40, 160, 60), (30, 60, 200)


def test_a_gif_has_the_pictures_it_was_given_and_repeats(tmp_path: Path) -> None:
    pictures = [halves(RED, GREEN), halves(RED, BLUE), halves(RED, BLUE), halves(GREEN, BLUE)]
    write_palette(tmp_path / "p.png", SIZE, pictures)
    with gif(tmp_path / "o.gif", SIZE, 5, tmp_path / "p.png") as encoder:
        for picture in pictures:
            encoder.write(picture)
        encoder.finish()
    with Image.open(tmp_path / "o.gif") as made:
        assert made.info["loop"] == 0
        shown = [(each.convert("RGB"), each.info["duration"]) for each in ImageSequence.Iterator(made)]
    assert sum(duration for _, duration in shown) == 800
    for place, colour in ((10, RED), (150, GREEN)):
        assert near(shown[0][0].getpixel((place, 45)), colour)
    for place, colour in ((10, GREEN), (150, BLUE)):
        assert near(shown[-1][0].getpixel((place, 45)), colour)


def test_an_mp4_has_the_pictures_it_was_given_and_its_index_first(tmp_path: Path) -> None:
    path = tmp_path / "o.mp4"
    with mp4(path, SIZE, 24) as encoder:
        for number in range(48):
            encoder.write(flat(*RED) if number < 24 else flat(*BLUE))
        encoder.finish()
    meta, frames = read_mp4(path)
    assert (meta["size"], meta["fps"], len(frames)) == (SIZE, 24, 48)
    assert "h264" in meta["codec"]
    assert "yuv420p" in meta["pix_fmt"]
    assert near(frames[0][:3], RED, 8)
    assert near(frames[-1][:3], BLUE, 8)
    names = [name for name, _ in boxes(path)]
    assert names.index("moov") < names.index("mdat"), "it plays while the rest is still coming"


def test_nothing_but_pictures_is_in_the_files(tmp_path: Path) -> None:
    write_palette(tmp_path / "p.png", SIZE, [flat(*RED)])
    for name, encoder in (
        ("o.gif", gif(tmp_path / "o.gif", SIZE, 5, tmp_path / "p.png")),
        ("o.mp4", mp4(tmp_path / "o.mp4", SIZE, 24)),
    ):
        with encoder:
            encoder.write(flat(*RED))
            encoder.finish()
        written = (tmp_path / name).read_bytes()
        for word in (b"Lavf6", b"Lavc6", b"Lavf5", str(tmp_path).encode()):
            assert word not in written, name


def test_what_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    with (
        mp4(tmp_path / "missing" / "o.mp4", SIZE, 24) as encoder,
        pytest.raises(EncoderError, match="ffmpeg: expected a file, got exit code"),
    ):
        for _ in range(200):
            encoder.write(flat(*RED))
        encoder.finish()


def test_leaving_it_ends_the_process(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), mp4(tmp_path / "o.mp4", SIZE, 24) as encoder:
        encoder.write(flat(*RED))
        raise ZeroDivisionError
    assert encoder._process.returncode is not None
    assert isinstance(encoder, Encoder)


def near(found: object, colour: tuple[int, ...], apart: int = 4) -> bool:
    return all(abs(one - other) <= apart for one, other in zip(found, colour, strict=True))  # type: ignore[call-overload]
