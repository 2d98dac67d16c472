"""What is sealed opens in its own place and in no other, whatever becomes of the bytes."""

import secrets
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.vault.envelope import KEY_BYTES, Record, Sealed, UnopenedError, rewrap, seal, unseal

SECRET = "sk-canary-0123456789abcdef"
RECORD = Record(account="a1", provider="openai", base="https://api.openai.com/v1", version="v1")
MASTERS = {"k2": secrets.token_bytes(KEY_BYTES), "k1": secrets.token_bytes(KEY_BYTES)}
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


def sealed(master: str = "k1") -> Sealed:
    return seal(SECRET, RECORD, MASTERS, master)


@given(st.text(st.characters(codec="utf-8"), max_size=200), TEXT, TEXT, TEXT, TEXT)
def test_what_is_sealed_opens_again(
    secret: str, account: str, provider: str, base: str, version: str
) -> None:
    record = Record(account=account, provider=provider, base=base, version=version)
    assert unseal(seal(secret, record, MASTERS, "k1"), record, MASTERS) == secret


@given(TEXT, TEXT, TEXT, TEXT)
def test_in_the_place_of_another_it_does_not_open(
    account: str, provider: str, base: str, version: str
) -> None:
    other = Record(account=account, provider=provider, base=base, version=version)
    if other == RECORD:
        return
    with pytest.raises(UnopenedError):
        unseal(sealed(), other, MASTERS)


@pytest.mark.parametrize(
    "moved",
    [
        {"account": "a1o", "provider": "penai"},  # the same letters, cut elsewhere
        {"base": "https://evil.example/v1"},
        {"version": "v2"},
    ],
)
def test_each_part_of_the_record_is_bound(moved: dict[str, str]) -> None:
    with pytest.raises(UnopenedError):
        unseal(sealed(), replace(RECORD, **moved), MASTERS)


@given(st.data())
def test_a_changed_bit_is_noticed(data: st.DataObject) -> None:
    whole = sealed()
    name = data.draw(st.sampled_from(["wrapped", "body"]))
    raw = bytearray(getattr(whole, name))
    place = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[place // 8] ^= 1 << place % 8
    with pytest.raises(UnopenedError):
        unseal(replace(whole, **{name: bytes(raw)}), RECORD, MASTERS)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_garbage_is_refused_and_breaks_nothing(wrapped: bytes, body: bytes) -> None:
    with pytest.raises(UnopenedError):
        unseal(Sealed(master="k1", wrapped=wrapped, body=body), RECORD, MASTERS)


def test_a_body_under_another_data_key_is_refused() -> None:
    one, other = sealed(), seal("another", replace(RECORD, version="v2"), MASTERS, "k1")
    with pytest.raises(UnopenedError):
        unseal(replace(one, body=other.body), RECORD, MASTERS)


def test_under_another_master_key_it_opens_as_before_and_its_body_is_untouched() -> None:
    before = sealed()
    after = rewrap(before, RECORD, MASTERS, "k2")
    assert (after.master, after.body) == ("k2", before.body)
    assert unseal(after, RECORD, {"k2": MASTERS["k2"]}) == SECRET


def test_a_master_key_under_another_name_opens_nothing() -> None:
    with pytest.raises(UnopenedError, match="does not open"):
        unseal(replace(sealed(), master="k3"), RECORD, {"k3": MASTERS["k1"]})
    with pytest.raises(UnopenedError, match="expected the master key k1"):
        unseal(sealed(), RECORD, {"k2": MASTERS["k2"]})


def test_nothing_of_it_is_told_by_its_words() -> None:
    whole = sealed()
    assert SECRET not in repr(whole)
    assert SECRET.encode() not in whole.body + whole.wrapped
    assert repr(whole.body) not in repr(whole)


def test_each_sealing_has_its_own_data_key_and_nonces() -> None:
    assert len({sealed().wrapped[:12] for _ in range(100)} | {sealed().body[:12] for _ in range(100)}) == 200
