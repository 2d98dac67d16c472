from datetime import UTC

import pytest

from server.cli import words

NOW_MS = 1_795_000_000_000  # 2026-11-18T11:06:40Z
MINUTE = 60_000


@pytest.mark.parametrize(
    ("span_ms", "said"),
    [(-5, "0:00"), (7_999, "0:07"), (522_000, "8:42"), (3_849_000, "1:04:09"), (90_000_000, "25:00:00")],
)
def test_elapsed_time_is_told_in_whole_seconds(span_ms: int, said: str) -> None:
    assert words.elapsed(span_ms) == said


@pytest.mark.parametrize(
    ("half_ms", "most_ms", "said"),
    [
        (34 * MINUTE, 41 * MINUTE, "34\N{EN DASH}41 min"),
        (33 * MINUTE + 1, 40 * MINUTE + 1, "34\N{EN DASH}41 min"),
        (34 * MINUTE, 34 * MINUTE, "34 min"),
        (17_000, 42_000, "20\N{EN DASH}45 s"),
        (30_000, 180_000, "1\N{EN DASH}3 min"),
        (-5_000, -1_000, "5 s"),
        (100 * MINUTE, 150 * MINUTE, "2\N{EN DASH}2.5 h"),
        (40 * 3_600_000, 60 * 3_600_000, "2\N{EN DASH}3 days"),
    ],
)
def test_an_estimate_is_a_range_in_the_unit_of_its_end(half_ms: int, most_ms: int, said: str) -> None:
    assert words.stretch(half_ms, most_ms) == said


@pytest.mark.parametrize(("span_ms", "said"), [(1, "5 s"), (181_000, "4 min"), (9_000_000, "2.5 h")])
def test_about_rounds_up(span_ms: int, said: str) -> None:
    assert words.about(span_ms) == said


@pytest.mark.parametrize(
    ("span_ms", "said"), [(-1, "0.0 s"), (349, "0.3 s"), (12_900, "12 s"), (240_000, "4 min")]
)
def test_age_has_a_tenth_while_that_says_something(span_ms: int, said: str) -> None:
    assert words.age(span_ms) == said


def test_a_promise_is_a_clock_time_with_its_day_when_that_is_another() -> None:
    assert words.moment(NOW_MS, NOW_MS, UTC) == "11:06"
    assert words.moment(NOW_MS + 24 * 3_600_000, NOW_MS, UTC) == "19 Nov, 11:06"


def test_an_eta_gives_range_and_clock_time() -> None:
    moments = (NOW_MS + 34 * MINUTE, NOW_MS + 41 * MINUTE)
    assert words.eta(moments, NOW_MS, UTC) == "34\N{EN DASH}41 min, by 11:47"


def test_what_holds_a_queue_back_is_a_sentence() -> None:
    first_of_december = 1_796_083_200_000
    assert words.blocked("quota", first_of_december, NOW_MS) == "waiting for quota, until 1 Dec"
    assert words.blocked("ratelimit", NOW_MS, NOW_MS, UTC) == "waiting for the rate limit, until 11:06"
    assert words.blocked("disk", None, NOW_MS) == "waiting, the disk is full"
    assert words.blocked("suspended", None, NOW_MS) == "waiting, the account is suspended"


def test_a_reason_is_the_message_where_there_is_one() -> None:
    assert words.reason("exit", "Ended with\x1b[2J exit code 3") == "Ended with [2J exit code 3"
    assert words.reason("timeout", None) == "Timed out"
    assert words.reason(None, None) == "Failed"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("20m", 1200),
        ("1h30m", 5400),
        ("2h", 7200),
        ("7d", 604_800),
        ("1d2h", 93_600),
        (" 1m5s ", 65),
    ],
)
def test_durations_are_read(text: str, seconds: int) -> None:
    assert words.duration_s(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "soon", "-5", "1.5m", "m"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a duration"):
        words.duration_s(text)


def test_user_text_cannot_move_the_cursor_or_turn_the_writing() -> None:
    assert words.plain("a\x1b]0;title\x07b\u202ec\r\nd") == "a ]0;title b c d"
    assert words.plain("abcdef", 4) == "abc…"


def test_numbers_come_with_commas_and_nouns() -> None:
    assert (words.counted(1, "task"), words.counted(3412, "task")) == ("1 task", "3,412 tasks")
    assert (words.count(1234567), words.percent(999)) == ("1,234,567", "99 %")
