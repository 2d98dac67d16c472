"""What an answer means (pure)."""

from server.webhooks.answer import answer_of
from tests.fakes.clock import START_MS


def test_everything_from_200_to_299_has_arrived() -> None:
    for code in (200, 201, 202, 204, 299):
        found = answer_of(code, {"retry-after": "60"}, START_MS)
        assert (found.delivered, found.reason, found.asked_ms, found.at_ms) == (True, None, None, START_MS)


def test_everything_else_has_not_and_says_why() -> None:
    told = {
        500: "It answered 500 (Internal Server Error)",
        410: "It answered 410 (Gone)",
        301: "It answered 301; redirects are not followed",
        304: "It answered 304; redirects are not followed",
        799: "It answered 799",
    }
    for code, reason in told.items():
        found = answer_of(code, {}, START_MS)
        assert (found.delivered, found.status, found.reason, found.gone) == (False, code, reason, code == 410)


def test_only_who_is_busy_may_ask_for_time() -> None:
    for code in (429, 503):
        assert answer_of(code, {"retry-after": "60"}, START_MS).asked_ms == 60_000
        assert answer_of(code, {}, START_MS).asked_ms is None
    assert answer_of(404, {"retry-after": "60"}, START_MS).asked_ms is None
