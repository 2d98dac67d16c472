from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kinds.ratefacts import WAIT_MAX_MS, duration_ms, facts_of, refused, retry_ms
from server.model import Allowance, RateFacts
from tests.fakes.clock import START_MS

NOW_MS = START_MS  # 2026-11-18T11:06:40Z


def test_openai_says_it_so() -> None:
    headers = {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-limit-tokens": "150000",
        "x-ratelimit-remaining-requests": "59",
        "x-ratelimit-remaining-tokens": "149984",
        "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-reset-tokens": "6m0s",
    }
    facts = facts_of(headers, NOW_MS)
    assert facts.requests == Allowance(limit=60, remaining=59, reset_ms=1000)
    # Six minutes fill no limit of a minute: what is left and until when is believed, capped, and the limit is not.
    assert facts.tokens == Allowance(limit=None, remaining=149_984, reset_ms=120_000)
    assert facts.retry_ms is None


def test_anthropic_says_it_so() -> None:
    headers = {
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "2026-11-18T11:06:55Z",
        "anthropic-ratelimit-input-tokens-limit": "40000",
        "anthropic-ratelimit-input-tokens-remaining": "39000",
        "anthropic-ratelimit-input-tokens-reset": "2026-11-18T11:06:39Z",
        "retry-after": "15",
    }
    assert facts_of(headers, NOW_MS) == RateFacts(
        requests=Allowance(limit=50, remaining=0, reset_ms=15_000),
        tokens=Allowance(limit=40_000, remaining=39_000, reset_ms=0),
        retry_ms=15_000,
    )


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            {"x-ratelimit-limit": "100", "x-ratelimit-remaining": "7", "x-ratelimit-reset": "30"},
            (100, 7, 30_000),
        ),
        (
            {"ratelimit-limit": "100, 100;w=60", "ratelimit-remaining": "7", "ratelimit-reset": "5"},
            (100, 7, 5000),
        ),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": str(NOW_MS // 1000 + 20)}, (None, 7, 20_000)),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": str(NOW_MS + 20)}, (None, 7, 20)),
        (
            {"x-ratelimit-limit": "5000", "x-ratelimit-reset": str(NOW_MS // 1000 + 3600)},
            (None, None, 120_000),
        ),
        (
            {"x-ratelimit-limit": "many", "x-ratelimit-remaining": "-1", "x-ratelimit-reset": "soon"},
            (None,) * 3,
        ),
        ({"x-ratelimit-reset": "5"}, (None, None, None)),
        ({}, (None, None, None)),
    ],
)
def test_plain_headers(headers: dict[str, str], expected: tuple[int | None, ...]) -> None:
    requests = facts_of(headers, NOW_MS).requests
    assert (requests.limit, requests.remaining, requests.reset_ms) == expected
    assert facts_of(headers, NOW_MS).tokens == Allowance()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6m0s", 360_000), ("1s", 1000), ("250ms", 250), ("1h2m3.5s", 3_723_500), ("1d", 86_400_000),
        ("1m30s", 90_000), ("20", 20_000), ("0.5", 500), ("0", 0), ("7.66s", 7660), ("120ms", 120),
        ("", None), ("s", None), ("-1", None), ("1x", None), ("1e9", None), ("٣s", None), ("1 s", None),
        ("1ms" * 50, None),
    ],
)  # fmt: skip
def test_durations(text: str, expected: float | None) -> None:
    assert duration_ms(text) == pytest.approx(expected) if expected is not None else duration_ms(text) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "3"}, 3000),
        ({"retry-after": "0.25"}, 250),
        ({"retry-after": "1m30s"}, 90_000),
        ({"retry-after": "86400"}, WAIT_MAX_MS),
        ({"retry-after": "Wed, 18 Nov 2026 11:06:50 GMT"}, 10_000),
        ({"retry-after": "Wed, 18 Nov 2026 11:06:00 GMT"}, 0),
        ({"retry-after": "Wed, 18 Nov 2037 11:06:00 GMT"}, WAIT_MAX_MS),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1500),
        ({"retry-after-ms": "x", "retry-after": "9"}, 9000),
        ({"retry-after": "later"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], expected: int | None) -> None:
    assert retry_ms(headers, NOW_MS) == expected


def test_a_refusal_always_says_how_long() -> None:
    assert refused(RateFacts(retry_ms=7), 3).retry_ms == 7
    empty = RateFacts(
        requests=Allowance(remaining=0, reset_ms=3000), tokens=Allowance(remaining=5, reset_ms=90_000)
    )
    assert refused(empty, 1).retry_ms == 3000
    assert refused(RateFacts(requests=Allowance(remaining=0, reset_ms=0)), 1).retry_ms == 2000
    assert [refused(RateFacts(), times).retry_ms for times in (1, 2, 3, 7, 99)] == [
        2000,
        4000,
        8000,
        120_000,
        120_000,
    ]


NAMES = (
    "retry-after",
    "retry-after-ms",
    "x-ratelimit-limit-tokens",
    "x-ratelimit-reset-tokens",
    "ratelimit-limit",
)


@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.text(max_size=30) | st.from_regex(r"\d{1,20}(\.\d+)?[a-z]{0,2}")
    )
)
def test_whatever_comes_no_wait_is_longer_than_believed(headers: dict[str, Any]) -> None:
    facts = facts_of(headers, NOW_MS)
    waits = (facts.retry_ms, facts.requests.reset_ms, facts.tokens.reset_ms)
    assert all(wait is None or 0 <= wait <= WAIT_MAX_MS for wait in waits)
