from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.cli.exits import UsageError
from server.cli.picturing import Wish, length, order_of, target_of, zone_min
from tests.cli.test_replay import recording


def test_the_name_says_what_is_made(tmp_path: Path) -> None:
    shapes = {name: target_of(Path(name), Wish()) for name in ("a.tendesks", "b.GIF", "c.mp4")}
    assert shapes == {"a.tendesks": "tendesks", "b.GIF": "gif", "c.mp4": "mp4"}
    (tmp_path / "d.gif").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        target_of(tmp_path / "d.gif", Wish())


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90s", "2026-11-18T11:08:10+00:00"),
        ("1h30m", "2026-11-18T12:36:40+00:00"),
        ("2026-11-18T12:00:00+01:00", "2026-11-18T11:00:00+00:00"),
    ],
)
def test_a_time_is_a_moment_or_counts_from_the_start(text: str, moment: str) -> None:
    assert order_of(Wish(since=text, until=text), "gif", recording(), 60) == {
        "format": "gif", "night": False, "zone": 60, "from": moment, "to": moment,
    }  # fmt: skip


def test_a_length_is_that_of_a_clock() -> None:
    assert length(recording()) == "1:04:09"


def test_the_zone_is_the_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    now_ms = round(datetime(2026, 11, 18, tzinfo=UTC).timestamp() * 1000)
    for name, minutes in (("UTC", 0), ("Asia/Kolkata", 330), ("America/St_Johns", -210)):
        monkeypatch.setenv("TZ", name)
        time.tzset()
        assert zone_min(now_ms) == minutes
    monkeypatch.undo()
    time.tzset()
