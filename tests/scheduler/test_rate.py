"""Token buckets of a provider's key: turns in order, learned limits, no wait beyond what was said."""

from hypothesis import given
from hypothesis import strategies as st

from server.model import Allowance, RateFacts
from server.scheduler.rate import HOLD_MS, KEYS_MAX, MINUTE_MS, WAIT_MAX_MS, Rates

KEY = "platform:api.example.com"


def known(requests: int, tokens: int | None = None, *, left: int | None = None, now_ms: int = 0) -> Rates:
    rates = Rates()
    facts = RateFacts(requests=Allowance(limit=requests, remaining=left), tokens=Allowance(limit=tokens))
    rates.learn(KEY, facts, now_ms)
    return rates


def test_an_unknown_key_is_never_waited_for() -> None:
    rates = Rates()
    assert [rates.reserve(KEY, 1_000_000, 5) for _ in range(1_000)] == [(True, 5)] * 1_000


def test_turns_are_given_in_order_as_fast_as_the_bucket_fills() -> None:
    rates = known(60, left=2)  # one a second
    moments = [rates.reserve(KEY, 0, 0) for _ in range(12)]
    assert moments == [(True, 0)] * 2 + [(True, n * 1_000) for n in range(1, 11)]
    assert rates.reserve(KEY, 0, 0) == (False, 11_000)  # beyond what a slot is held for
    assert rates.reserve(KEY, 0, 0) == (False, 11_000)  # and nothing was taken


def test_tokens_are_counted_like_requests_and_the_scarcer_one_decides() -> None:
    rates = known(6_000, 6_000)  # a hundred of each a second
    assert rates.reserve(KEY, 5_000, 0) == (True, 0)
    assert rates.reserve(KEY, 1_500, 0) == (True, 5_000)


def test_a_request_larger_than_a_minutes_worth_goes_when_the_bucket_is_full() -> None:
    rates = known(1_000, 1_000)
    assert rates.reserve(KEY, 5_000, 0) == (True, 0)
    assert rates.reserve(KEY, 1, 0) == (False, min(WAIT_MAX_MS, 4_001 * 60))


def test_a_refusal_holds_everyone_and_no_wait_is_believed_beyond_two_minutes() -> None:
    rates = known(60)
    rates.learn(KEY, RateFacts(retry_ms=5_000), 0)
    assert rates.reserve(KEY, 0, 0) == (True, 5_000)
    rates.learn(KEY, RateFacts(retry_ms=86_400_000), 0)
    assert rates.reserve(KEY, 0, 0) == (False, WAIT_MAX_MS)
    assert rates.reserve("another", 0, 0) == (True, 0)


def test_what_an_answer_says_is_left_lowers_the_level_and_never_raises_it() -> None:
    rates = known(60, left=10)
    for _ in range(10):
        rates.reserve(KEY, 0, 0)
    rates.learn(
        KEY, RateFacts(requests=Allowance(limit=60, remaining=9)), 0
    )  # an answer to the first of them
    assert rates.reserve(KEY, 0, 0) == (True, 1_000)


def test_a_promise_asks_for_the_mean_of_tokens_and_is_corrected() -> None:
    rates = known(6_000, 6_000)
    assert rates.reserve(KEY, 1_000, 0) == (True, 0)
    assert rates.promise(KEY, 0) == (True, 0)  # 1,000 more
    rates.correct(KEY, 5_000, 0)  # it wants 5,000
    assert rates.reserve(KEY, 900, 0) == (True, 9_000)  # 6,900 in all, 100 of them each second


def test_of_many_keys_the_one_used_longest_ago_is_forgotten() -> None:
    rates = known(1, left=0)
    for number in range(KEYS_MAX):
        rates.reserve(f"key{number}", 0, 0)
    assert rates.reserve(KEY, 0, 0) == (True, 0)


@given(
    limit=st.integers(1, 500),
    steps=st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 20)), max_size=60),
)
def test_never_more_go_out_in_a_minute_than_the_bucket_holds_and_fills(
    limit: int, steps: list[tuple[int, int]]
) -> None:
    rates, now_ms, sent = known(limit), 0, []
    for pause_ms, asked in steps:
        now_ms += pause_ms
        for _ in range(asked):
            given_, moment_ms = rates.reserve(KEY, 0, now_ms)
            if given_:
                sent.append(moment_ms)
            else:
                assert moment_ms - now_ms > HOLD_MS
    assert sent == sorted(sent)
    for start in sent:
        assert sum(start <= moment < start + MINUTE_MS for moment in sent) <= 2 * limit + 1
