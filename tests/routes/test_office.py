"""The entity tag is that of RFC 8785 text: orjson's is held against a small canonicaliser written from the RFC."""

import hashlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.routes.office import canonical, etag_of
from tests.routes.conftest import Front

_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def rfc8785(value: Any) -> str:
    """Sections 3.2.2 and 3.2.3, for objects, arrays, texts and integers."""
    match value:
        case dict():
            keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
            return "{" + ",".join(f"{rfc8785(key)}:{rfc8785(value[key])}" for key in keys) + "}"
        case list():
            return "[" + ",".join(map(rfc8785, value)) + "]"
        case str():
            return '"' + "".join(_SHORT.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
        case _:
            return str(value)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
names = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
integers = st.integers(-(2**53) + 1, 2**53 - 1)
states = st.recursive(
    texts | integers, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4)
)


@given(st.dictionaries(names, states, max_size=5))
def test_the_text_is_canonical(state: dict[str, Any]) -> None:
    assert canonical(state).decode() == rfc8785(state)
    assert etag_of(state) == f'"{hashlib.sha256(rfc8785(state).encode()).hexdigest()}"'


async def test_the_office_is_a_keyframe_with_a_tag(front: Front) -> None:
    batch = await front.submit(12)
    response = await front.ask("GET", "/office")
    office = response.json()
    assert list(office) == ["epoch", "view", "seq", "tick", "now", "state"]
    assert office["view"] == "full"
    state = office["state"]
    assert (state["office"]["running"], state["queue"]["waiting"]) == (10, 2)
    assert sum(desk["activity"] == "working" for desk in state["desks"].values()) == 10
    assert state["batches"][batch]["total"] == 12
    tag = response.headers["etag"]
    assert tag == f'"{hashlib.sha256(rfc8785(state).encode()).hexdigest()}"'
    assert "no-cache" in response.headers["cache-control"]
    for held in (tag, f"W/{tag}", f'"other", {tag}'):
        same = await front.ask("GET", "/office", headers={"if-none-match": held})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    changed = await front.ask("GET", "/office", headers={"if-none-match": '"other"'})
    assert changed.status_code == 200
