import pytest

from server.errors import InvalidInputError
from server.routes.bodies import text_of
from server.routes.upload import BODY_BYTES_MAX
from tests.routes.conftest import Front


def test_a_text_stands_on_one_line() -> None:
    assert text_of({"name": " a\n b "}, "name", chars_max=10) == "a b"
    assert text_of({}, "name", chars_max=10) is None
    assert text_of({"name": None}, "name", chars_max=10) is None


@pytest.mark.parametrize("value", ["", " ", "x" * 11, 3, [], True])
def test_a_text_has_bounds(value: object) -> None:
    with pytest.raises(InvalidInputError, match="name: expected a text of 1 to 10 characters"):
        text_of({"name": value}, "name", chars_max=10)


async def test_a_body_is_an_object_with_known_members(front: Front) -> None:
    for content, says in (
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"nam": 1}', "unknown member 'nam': expected tier, name"),
    ):
        response = await front.ask("PATCH", "/account", content=content)
        assert response.status_code == 400
        assert says in response.json()["detail"]


async def test_a_small_body_is_small(front: Front) -> None:
    response = await front.ask("PATCH", "/account", content=b" " * (BODY_BYTES_MAX + 1))
    assert (response.status_code, response.json()["limit"]) == (413, "body_bytes_max")
