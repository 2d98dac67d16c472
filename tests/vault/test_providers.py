"""Names, keys and addresses as they may be."""

import pytest

from server.errors import InvalidInputError
from server.settings import is_plain_url
from server.vault.providers import KNOWN, checked_base, checked_name, checked_secret, shown


@pytest.mark.parametrize("name", ["openai", "my-vllm.2", "a" * 32])
def test_good_names(name: str) -> None:
    assert checked_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "OpenAI", "a b", "-a", "a/b", "ä", "a" * 33, "rotation", "null", "0", "a\n"]
)
def test_bad_names(name: str) -> None:
    with pytest.raises(InvalidInputError, match="provider: expected"):
        checked_name(name)


def test_a_key_is_visible_ascii() -> None:
    assert checked_secret(" sk-x\n") == "sk-x"
    for bad in ("", "  ", "a b", "ä", "a\x00", "x" * 4_097):
        with pytest.raises(InvalidInputError, match="key: expected") as caught:
            checked_secret(bad)
        assert len(bad) < 3 or bad.strip() not in caught.value.detail


def test_known_providers_need_no_address_and_others_do() -> None:
    assert checked_base(None, "openai", hosted=True) == KNOWN["openai"]
    with pytest.raises(InvalidInputError, match="base: expected the address of mine"):
        checked_base(None, "mine", hosted=True)
    assert checked_base("http://127.0.0.1:8/v1", "mine", hosted=False) == "http://127.0.0.1:8/v1"
    with pytest.raises(InvalidInputError, match="expected https"):
        checked_base("http://127.0.0.1:8/v1", "mine", hosted=True)
    for bad in (
        "ftp://x/v1",
        "https://u:p@x/v1",
        "nonsense",
        "https://x/#f",
        "https://[x/v1",
        "https://" + "x" * 2_000,
    ):
        with pytest.raises(InvalidInputError, match="base: expected a URL") as caught:
            checked_base(bad, "mine", hosted=False)
        assert bad not in caught.value.detail, "it may hold a password"


def test_all_known_addresses_are_https() -> None:
    assert all(is_plain_url(base) and base.startswith("https://") for base in KNOWN.values())


def test_at_most_four_characters_are_shown() -> None:
    assert shown("sk-0123456789") == "6789"
    assert shown("12345678901") == ""
