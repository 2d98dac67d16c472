"""What a browser carries to a provider of OpenID Connect and back."""

import secrets

import pytest

from server.accounts.passage import (
    Passage,
    new_passage,
    passage_cookie,
    passage_ms,
    read_passage,
    write_passage,
    write_passage_cookie,
)

KEY = secrets.token_bytes(32)
NOW = 1_795_000_000_000


def test_what_was_written_is_read_until_its_time_is_over() -> None:
    passage = new_passage(NOW)
    text = write_passage(passage, KEY)
    assert read_passage(text, KEY, NOW) == passage
    assert read_passage(text, KEY, NOW + passage_ms - 1) == passage
    assert read_passage(text, KEY, NOW + passage_ms) is None


def test_nobody_else_can_write_or_change_one() -> None:
    text = write_passage(new_passage(NOW), KEY)
    assert read_passage(text, secrets.token_bytes(32), NOW) is None
    for place in range(4, len(text)):
        other = "A" if text[place] != "A" else "B"
        changed = text[:place] + other + text[place + 1 :]
        found = read_passage(changed, KEY, NOW)
        # The last character of base64 has two bits that mean nothing.
        assert found is None or place == len(text) - 1


@pytest.mark.parametrize(
    "text", [None, "", "tdo_", "tdo_" + "A" * 98, "tdg_" + "A" * 98, "tdo_" + "ä" * 98, "x" * 10_000]
)
def test_anything_else_is_none_of_ours(text: str | None) -> None:
    assert read_passage(text, KEY, NOW) is None


def test_what_is_told_says_nothing_of_the_rest() -> None:
    one, two = new_passage(NOW), new_passage(NOW)
    told = [value for each in (one, two) for value in (each.state, each.nonce, each.verifier)]
    assert len({*told}) == 6
    assert all(len(value) == 43 for value in told), "as long as RFC 7636 wants a verifier at least"
    assert one.secret not in repr(one).encode()
    again = Passage(secret=one.secret, expires_ms=one.expires_ms)
    assert (again.state, again.nonce, again.verifier) == (one.state, one.nonce, one.verifier)


def test_its_cookie_goes_along_when_somebody_is_sent_back() -> None:
    assert passage_cookie(8123, sole=False) == "tendesks_openid_8123"
    assert passage_cookie(8123, sole=True) == "__Host-tendesks-openid"
    set_ = write_passage_cookie("a", "b", secure=True)
    assert set_ == "a=b; Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure"
    assert write_passage_cookie("a", None, secure=False) == "a=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
