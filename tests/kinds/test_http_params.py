import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import InvalidInputError
from server.kinds.http_params import address_of, checked, headers_of
from server.kinds.withheld import ValuesLostError, Withheld

URL = "https://api.example.com/items/{id}?q={q}"


def check(params: dict[str, Any], *, hosted: bool = False) -> dict[str, Any]:
    return checked(params, ["id", "q"], hosted=hosted, withheld=Withheld())


def test_of_headers_only_names_are_stored() -> None:
    memory = Withheld()
    stored = checked(
        {"url": URL, "headers": {"Authorization": "canary", "X-B": ""}},
        ["id", "q"],
        hosted=True,
        withheld=memory,
    )
    assert (stored["url"], stored["withheld"]["names"]) == (URL, ["authorization", "x-b"])
    assert "canary" not in repr(stored)
    assert headers_of(stored, memory) == {"authorization": "canary", "x-b": ""}
    with pytest.raises(ValuesLostError, match="authorization, x-b"):
        headers_of(stored, Withheld())
    plain = check({"url": URL, "headers": {}})
    assert plain == {"url": URL}
    assert headers_of(plain, memory) == {}
    assert check({"url": URL, "headers": None}) == plain


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "url as a text, got none"),
        ({"url": 3}, "url as a text, got int"),
        ({"url": "x" * 9000}, "url_characters_max"),
        ({"url": URL, "method": "GET"}, "url, headers, got method"),
        ({"url": "https://h/{nope}"}, "unknown field {nope}"),
        ({"url": "https://h/{"}, "single {"),
        ({"url": "http:/{id}/x"}, "url as http://"),
        ({"url": "//{id}/x"}, "url as http://"),
        ({"url": "https://h/{{id}}/../{id}"}, "without . and .."),
        ({"url": "api.example.com/x"}, "url as http://"),
        ({"url": "ftp://h/"}, "got 'ftp://h'"),
        ({"url": "https:///x"}, "url as http://"),
        ({"url": "https://h:x/"}, "url as http://"),
        ({"url": "https://h:0/"}, "url as http://"),
        ({"url": "https://[::1/"}, "url as http://"),
        ({"url": "https://me:canary@h/"}, "without user and password"),
        ({"url": "https://h/#x"}, "without a fragment"),
        ({"url": "https://h/a b"}, "without spaces"),
        ({"url": "https://h\\@evil/"}, "without spaces, backslashes"),
        ({"url": "https://h/a\r\nHost: x"}, "without spaces"),
        ({"url": "https://h/a/../b"}, "without . and .."),
        ({"url": "https://h/%2e%2e/b"}, "without . and .."),
        ({"url": URL, "headers": ["canary"]}, "headers as an object of names and texts, got list"),
        ({"url": URL, "headers": {"X Y": "canary"}}, "names of headers"),
        ({"url": URL, "headers": {"": "canary"}}, "names of headers"),
        ({"url": URL, "headers": {"Host": "canary"}}, "not the server's own to set, got Host"),
        ({"url": URL, "headers": {"idempotency-key": "canary"}}, "not the server's own to set"),
        ({"url": URL, "headers": {"Tendesks-Task": "canary"}}, "not the server's own to set"),
        ({"url": URL, "headers": {"Transfer-Encoding": "canary"}}, "not the server's own to set"),
        ({"url": URL, "headers": {"X": "canary\r\nY: z"}}, "header X as a text of visible ASCII"),
        ({"url": URL, "headers": {"X": "canarÿ"}}, "header X as a text of visible ASCII"),
        ({"url": URL, "headers": {"X": 3}}, "header X as a text"),
        ({"url": URL, "headers": {"X": "canary" * 2000}}, "header_characters_max"),
        ({"url": URL, "headers": {"X": "canary", "x": "b"}}, "every header once"),
        ({"url": URL, "headers": {f"X-{n}": "canary" for n in range(51)}}, "headers_max"),
    ],
)
def test_what_is_wrong_is_told_without_a_value(params: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check(params)
    assert words in caught.value.detail
    assert "canary" not in caught.value.detail


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://[::1]/", "http://[fd00::1]:80/x",
     "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data"],
)  # fmt: skip
def test_addresses_that_lead_inward_are_for_servers_without_guests(url: str) -> None:
    assert check({"url": url})["url"] == url
    with pytest.raises(InvalidInputError, match="on the public internet"):
        check({"url": url}, hosted=True)


@pytest.mark.parametrize(
    "url", ["{id}", "{id}://h/", "https://{id}/", "http:{id}", "https://h{id}.com/", "https://h:{id}/x"]
)
def test_a_host_from_a_field_is_for_servers_without_guests(url: str) -> None:
    assert check({"url": url})["url"] == url
    with pytest.raises(InvalidInputError, match="fields in its path and query alone"):
        check({"url": url}, hosted=True)


def test_values_are_encoded_behind_the_host_and_nowhere_else() -> None:
    assert address_of(URL, {"id": "a/b?c#d", "q": "x&y=z", "more": 1}) == (
        "https://api.example.com/items/a%2Fb%3Fc%23d?q=x%26y%3Dz"
    )
    with pytest.raises(InvalidInputError, match="the tasks have: id, more"):
        address_of(URL, {"id": 1, "more": 1})
    assert address_of("https://h/{n}", {"n": {"a": [1]}}) == "https://h/%7B%22a%22%3A%5B1%5D%7D"
    assert address_of("{u}/{n}", {"u": "http://h:1", "n": 2}) == "http://h:1/2"
    assert address_of("{u}", {"u": "http://h/x?y=%20"}) == "http://h/x?y=%20"


@pytest.mark.parametrize("value", ["..", ".", "a/../b", "..\\"])
def test_no_value_leads_up(value: str) -> None:
    with pytest.raises(InvalidInputError, match=r"without \. and \.\. in its path"):
        address_of("https://api.example.com/items/{id}/x", {"id": value})
    assert (
        address_of("https://api.example.com/{id}", {"id": "%2e%2e"}) == "https://api.example.com/%252e%252e"
    )


@given(st.text(max_size=20))
def test_whatever_a_value_is_the_host_and_the_rest_stay(value: str) -> None:
    try:
        parts = urlsplit(address_of("https://api.example.com/a/{id}/b?q={q}&r=1", {"id": value, "q": value}))
    except InvalidInputError:
        assert {".", ".."} & set(re.split(r"[/\\\\]", value))
        return
    assert parts.netloc == "api.example.com"
    assert parts.path.count("/") == 3
    assert parse_qs(parts.query, keep_blank_values=True).keys() == {"q", "r"}
