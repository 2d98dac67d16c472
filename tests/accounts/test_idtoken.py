"""The id_token, verified by itself; a whole sign-in with lies in it is in tests/routes/test_openid.py."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey

from server.accounts.idtoken import Claims, Expected, KeyMissingError, verified
from server.accounts.openid_errors import OpenIdError, Why
from tests.fakes.openid import rsa_key

NOW_S = 1_795_000_000
ONE = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}, private=True)
TWO = ECKey.generate_key("P-256", {"kid": "two"}, private=True)
EXPECTED = Expected(issuer="https://id.test", audience="desks", nonce="n" * 43, now_ms=NOW_S * 1000)
CLAIMS: dict[str, Any] = {
    "iss": "https://id.test", "aud": "desks", "sub": "7", "nonce": "n" * 43, "iat": NOW_S, "exp": NOW_S + 60,
    "email": "ada@example.org", "email_verified": True,
}  # fmt: skip


def public(*keys: Any) -> list[dict[str, Any]]:
    return [key.as_dict(private=False) for key in keys]


def signed(key: Any = ONE, header: dict[str, Any] | None = None, **claims: Any) -> str:
    return jwt.encode({"alg": "ES256", "kid": key.kid, **(header or {})}, {**CLAIMS, **claims}, key)


def test_a_good_one_says_who_it_is() -> None:
    found = verified(signed(), public(ONE, TWO), EXPECTED)
    assert found == Claims(subject="https://id.test 7", email="ada@example.org", confirmed=True)


def test_each_algorithm_has_keys_of_its_own_kind() -> None:
    token = jwt.encode({"alg": "RS256", "kid": "rsa"}, CLAIMS, rsa_key())
    assert verified(token, public(ONE, rsa_key()), EXPECTED).subject.endswith(" 7")
    with pytest.raises(KeyMissingError):
        verified(signed(), public(rsa_key()), EXPECTED)


def test_a_token_without_a_kid_needs_one_key_alone() -> None:
    token = jwt.encode({"alg": "ES256"}, CLAIMS, ONE)
    assert verified(token, public(ONE, rsa_key()), EXPECTED).email == "ada@example.org"
    with pytest.raises(OpenIdError, match="2 fit"):
        verified(token, public(ONE, TWO), EXPECTED)


def test_a_key_for_something_else_signs_nothing() -> None:
    for change in ({"use": "enc"}, {"alg": "ES384"}, {"kty": "oct"}, {"kid": "three"}):
        with pytest.raises(KeyMissingError):
            verified(signed(), [{**public(ONE)[0], **change}], EXPECTED)


@pytest.mark.parametrize("algorithm", ["HS256", "none", "RS512", "ES256K", "", None, 7])
def test_other_algorithms_are_not_even_tried(algorithm: object) -> None:
    import orjson

    from tests.fakes.openid import coded

    token = f"{coded(orjson.dumps({'alg': algorithm}))}.{coded(orjson.dumps(CLAIMS))}.{coded(b'x' * 64)}"
    with pytest.raises(OpenIdError) as refused:
        verified(token, public(ONE), EXPECTED)
    assert refused.value.why is Why.INVALID


def test_a_key_set_of_rubbish_is_refused_in_words() -> None:
    for key in ({"kty": "EC", "kid": "one"}, {"kty": "EC", "kid": "one", "crv": "P-256", "x": 5, "y": []}):
        with pytest.raises(OpenIdError):
            verified(signed(), [key], EXPECTED)


@given(st.text(max_size=200))
def test_no_text_gets_anywhere(text: str) -> None:
    with pytest.raises(OpenIdError):
        verified(text, public(ONE), EXPECTED)


@given(
    st.sampled_from(sorted(CLAIMS)),
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists),
)
def test_no_claim_of_another_shape_is_a_defect(name: str, value: object) -> None:
    try:
        found = verified(signed(**{name: value}), public(ONE), EXPECTED)
    except OpenIdError:
        return
    assert name in {"email", "email_verified", "sub", "exp", "iat", "aud"}, (name, value, found)


def test_what_is_told_elsewhere_counts_for_the_same_person_alone() -> None:
    bare = Claims(subject="https://id.test 7", email=None, confirmed=False)
    more = {"sub": "7", "email": "ada@example.org", "email_verified": "true"}
    assert bare.with_more(more).confirmed
    assert bare.with_more({**more, "sub": "8"}) == bare
    assert bare.with_more({}) == bare


def test_one_that_is_too_long_is_not_read() -> None:
    with pytest.raises(OpenIdError, match="32768"):
        verified("a" * 32_769, public(ONE), EXPECTED)
