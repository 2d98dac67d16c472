"""Keys of every shape are taken out of words, wherever they stand; ordinary words stay as they are."""

import string
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.accounts.tokens import TokenKind, new_secret
from server.vault.keyring import fresh
from server.vault.redaction import DEPTH_MAX, HIDDEN, redact_event, redacted, redacted_value

LETTERS = st.text(string.ascii_letters + string.digits, min_size=24, max_size=40)
UPPER = st.text(string.ascii_uppercase + string.digits, min_size=16, max_size=16)
AROUND = st.text(st.characters(codec="utf-8", exclude_categories=["L", "N"]), max_size=20)
SHAPES = (
    "sk-{}", "sk-proj-{}", "sk-ant-api03-{}", "gsk_{}", "hf_{}", "tds_{}", "tdc_{}", "tdg_{}", "whsec_{}", "sk_live_{}",
    "rk_test_{}", "ghp_{}", "github_pat_{}", "xoxb-{}", "AIza{}",
)  # fmt: skip
NAMED = (
    "Authorization: Bearer {}", "authorization: Basic {}", "api-key: {}", "x-api-key={}", '"api_key": "{}"', "PASSWORD={}",
    "OPENAI_API_KEY={}", "client_secret={}", "https://user:{}@host/path", "postgresql://a:{}@db/x", "?token={}&x=1",
    "'Authorization': 'Bearer {}'",
)  # fmt: skip


@pytest.mark.parametrize("shape", [*SHAPES, *NAMED])
@given(body=LETTERS, before=AROUND, after=AROUND)
def test_what_looks_like_a_key_is_taken_out(shape: str, body: str, before: str, after: str) -> None:
    text = f"{before} {shape.format(body)} {after}"
    assert body not in redacted(text)
    assert HIDDEN in redacted(text)


@given(UPPER)
def test_keys_of_aws(body: str) -> None:
    assert redacted(f"with AKIA{body}.") == f"with AKIA{HIDDEN}."


def test_our_own_secrets() -> None:
    for secret in (*map(new_secret, TokenKind), fresh("k1").text(), fresh("local-0a1b").text()):
        assert secret.split(":")[-1][8:] not in redacted(f"got {secret} instead")


@given(st.text(max_size=300))
@example("Bearer Bearer aaaaaaaaaaaa")
@example("token=token=aaaaaaaaaaaaa")
@example("://a:b@c://d:e@f")
def test_twice_is_as_good_as_once(text: str) -> None:
    assert redacted(redacted(text)) == redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "the desk-12345678 is free, ask-me-anything, risk-averse-people",
        "https://api.openai.com/v1/chat/completions?api-version=2026-01-01",
        "Research Acme Corp: 12:30:45, k1: done, /api/v1/executions/07yrfz0hx04o/log",
        "exit 1: expected a token, got none",
        "token: expected a valid API token; open the printed URL again",
        "writes a basic documentation, and bearer certificates",
        "secret: expected one, got none; 12 tokens in, 340 tokens out",
        "the month's 2,000,000 tokens are used up",
        "task 07yrfz0hx04o of batch 07yrfz0hx04s",
        "mail me at ann@example.com",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redacted(text) == text


def test_where_it_stood_can_be_seen() -> None:
    assert redacted("refused sk-proj-0123456789abcdef (401)") == f"refused sk-{HIDDEN} (401)"
    assert redacted("GET https://ann:hunter2@host/x") == f"GET https://ann:{HIDDEN}@host/x"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, LETTERS)
def test_a_value_is_searched_through_and_through(value: Any, body: str) -> None:
    hidden = {"deep": [value, {f"sk-{body}": (f"Bearer {body}", f"api_key={body}".encode())}]}
    assert body not in str(redact_event(None, "info", hidden))


def test_a_value_without_keys_is_the_same_and_one_too_deep_is_left_out() -> None:
    value = {"event": "request", "ms": 3, "path": "/api/v1/keys", "checks": {"store": True}, "none": None}
    assert redacted_value(value) == value
    deep: Any = "sk-0123456789abcdef"
    for _ in range(DEPTH_MAX + 2):
        deep = [deep]
    assert HIDDEN in str(redacted_value(deep))
    assert "0123456789" not in str(redacted_value(deep))


class Odd:
    def __str__(self) -> str:
        return "holds sk-0123456789abcdef"


def test_what_is_neither_is_put_into_words_first() -> None:
    assert redacted_value(Odd()) == f"holds sk-{HIDDEN}"
    assert redacted_value(ValueError("Bearer 0123456789abcdef")) == f"Bearer {HIDDEN}"


@pytest.mark.parametrize(
    "unit", ["sk-", "a:", "://", "://a:", "token", "eyJ", "bearer ", "a-_", "x" * 10, "'\"=: "]
)
def test_long_texts_take_no_time_to_speak_of(unit: str) -> None:
    text = unit * (30_000 // len(unit))
    began = time.process_time()
    redacted(text)
    assert time.process_time() - began < 5
