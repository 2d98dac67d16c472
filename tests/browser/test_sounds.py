"""The page's sounds, rendered by the browser's own audio graph without a loudspeaker: nobody is startled, nothing clicks, nothing is cut."""

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.processes import ServerProcess

RATE = 44_100
SEED = 7
# The voices as they are built, on a graph that is reckoned instead of heard. `wanted` is a note, or a level of the murmur.
RENDER = """
async ([file, wanted, seconds, rate, seed]) => {
  let context;
  let state = seed;
  // Noise is made by chance; here always by the same (a linear congruence of 31 bits).
  Math.random = () => { state = (state * 48271) % 2147483647; return state / 2147483647; };
  window.AudioContext = class extends OfflineAudioContext {
    constructor() { super(1, seconds * rate, rate); context = this; }
    get state() { return "running"; }
  };
  const { createSynth } = await import(file);
  const synth = createSynth();
  if (typeof wanted === "string") synth.play(wanted);
  else synth.murmur(wanted);
  return Array.from((await context.startRendering()).getChannelData(0));
}
"""
PEAK_MAX = 0.3
"""Of full scale: ten decibels are left for whatever else sounds on that machine."""
CLICK_MAX = 0.002
"""What a sound may begin and end with, of full scale: a step of so little is not heard."""


@pytest.fixture
def page(server: ServerProcess, open_page: OpenPage) -> Page:
    return open_page(server.office_url, width=640, height=400, reduced_motion="reduce")


def rendered(page: Page, wanted: str | float, seconds: int) -> list[float]:
    web = Path(__file__).parent.parent.parent / "server" / "web" / "assets"
    [synth] = web.glob("synth-*.js")
    return list(page.evaluate(RENDER, [f"/assets/{synth.name}", wanted, seconds, RATE, SEED]))


def loudness(samples: list[float]) -> float:
    """The root of the mean square."""
    return math.sqrt(sum(each * each for each in samples) / len(samples))


def steps(samples: list[float]) -> float:
    """The largest step from one sample to the next."""
    return max(abs(b - a) for a, b in pairwise(samples))


def strength(samples: list[float], hertz: float) -> float:
    """How much of one tone there is (Goertzel's sum)."""
    turn = 2 * math.cos(2 * math.pi * hertz / RATE)
    before, last = 0.0, 0.0
    for each in samples:
        before, last = last, each + turn * last - before
    return math.sqrt(last * last + before * before - turn * last * before) / len(samples)


@pytest.mark.parametrize(
    ("note", "length_s", "loudness_of", "highest_hertz"),
    [("chime", (0.9, 2.4), (0.02, 0.09), 1975.5), ("low", (0.5, 1.1), (0.02, 0.09), 5 * 146.83)],
)
def test_a_note_begins_and_ends_softly_and_is_as_long_and_loud_as_it_should(
    page: Page,
    note: str,
    length_s: tuple[float, float],
    loudness_of: tuple[float, float],
    highest_hertz: float,
) -> None:
    samples = rendered(page, note, 4)
    peak = max(map(abs, samples))
    assert 0.05 < peak < PEAK_MAX
    assert max(map(abs, samples[: RATE // 2000])) < CLICK_MAX, "it does not begin with a click"
    heard = [at for at, each in enumerate(samples) if abs(each) > CLICK_MAX]
    assert length_s[0] < heard[-1] / RATE < length_s[1]
    assert max(map(abs, samples[heard[-1] + 1 :])) < CLICK_MAX, "nothing is left of it"
    assert loudness_of[0] < loudness(samples[: RATE // 2]) < loudness_of[1]
    # A tone of this height and loudness moves so far in one sample; a cut or a click moves farther.
    assert steps(samples) < 2 * math.pi * highest_hertz / RATE * peak


def test_the_chime_is_a_fifth_and_the_low_note_goes_down(page: Page) -> None:
    chime = rendered(page, "chime", 2)
    later = chime[RATE // 2 :]
    tones = {hertz: strength(later, hertz) for hertz in (659.26, 740.0, 830.6, 987.77)}
    assert min(tones[659.26], tones[987.77]) > 5 * max(tones[740.0], tones[830.6]), tones
    low = rendered(page, "low", 2)
    early, late = low[: RATE // 8], low[RATE // 3 : RATE]
    assert strength(early, 146.83) > strength(early, 110)
    assert strength(late, 110) > 2 * strength(late, 146.83)


def test_the_murmur_comes_softly_stays_far_beneath_the_notes_and_goes_round_without_a_seam(
    page: Page,
) -> None:
    samples: list[Any] = rendered(page, 1.0, 18)
    assert loudness(samples[: RATE // 50]) < CLICK_MAX, "it comes softly"
    settled = samples[6 * RATE :]
    assert 0.0005 < loudness(settled) < 0.03
    assert max(map(abs, settled)) < PEAK_MAX
    # Its eight seconds begin anew after eight and sixteen.
    elsewhere = steps(samples[9 * RATE : 15 * RATE])
    for seam in (8 * RATE, 16 * RATE):
        assert steps(samples[seam - 200 : seam + 200]) <= 1.2 * elsewhere
