import random

from server.model import View
from server.preview.playing import Playing, played
from tests.preview.sample import MINUTE_MS, data, recorded, start_ms

SEED = 11


def test_played_on_it_shows_what_is_found_by_seeking() -> None:
    file, chance = recorded(), random.Random(SEED)
    moments = sorted(start_ms() + chance.randrange(10 * MINUTE_MS) for _ in range(200))
    shown = dict(played(file, moments))
    for now_ms in moments:
        assert shown[now_ms] == file.state_at(now_ms), f"seed {SEED}, {now_ms}"
    assert len({str(state) for state in shown.values()}) > 100


def test_what_nobody_knows_is_left_out() -> None:
    begin_ms = start_ms()
    file = recorded()
    asked = [begin_ms - 1, begin_ms, begin_ms, begin_ms + 10 * MINUTE_MS, begin_ms + 10 * MINUTE_MS + 1]
    assert [now_ms for now_ms, _ in played(file, asked)] == asked[1:4]
    assert Playing(file).at(begin_ms - 1) is None


def test_the_sample_has_titles_in_one_view_and_none_in_another() -> None:
    assert data(View.FULL) != data(View.BATCHES)
    desks = recorded(View.BATCHES).state_at(start_ms() + 4 * MINUTE_MS)["desks"].values()  # type: ignore[index]
    assert not any("title" in desk for desk in desks)
    desks = recorded().state_at(start_ms() + 4 * MINUTE_MS)["desks"].values()  # type: ignore[index]
    assert any("title" in desk for desk in desks)
