import pytest

from server.accounts import attempts
from server.accounts.attempts import Attempts, Bucket, address_of
from server.settings import Mode

HOUR = 3_600_000


def test_so_many_at_once_and_then_one_by_one() -> None:
    tries = Attempts(3, HOUR)
    assert [tries.take("ada", 0) for _ in range(3)] == [0, 0, 0]
    assert tries.take("ada", 0) == 1_200
    assert tries.take("ada", HOUR // 3 - 1) == 1
    assert tries.take("ada", HOUR // 3) == 0
    assert tries.take("ada", HOUR // 3) == 1_200


def test_one_name_does_not_use_up_another_ones() -> None:
    tries = Attempts(1, HOUR)
    assert (tries.take("ada", 0), tries.take("bob", 0)) == (0, 0)
    assert (tries.wait_s("ada", 0), tries.wait_s("nobody", 0)) == (3_600, 0)


def test_a_refused_try_takes_nothing() -> None:
    tries = Attempts(1, HOUR)
    tries.take("ada", 0)
    for moment in range(0, HOUR, HOUR // 10):
        assert tries.take("ada", moment) > 0
    assert tries.take("ada", HOUR) == 0


def test_no_more_names_are_remembered_than_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "names_max", 3)
    tries = Attempts(1, HOUR)
    for name in "abca":
        tries.take(name, 0)
    tries.take("d", 0)
    assert [tries.wait_s(name, 0) > 0 for name in "abcd"] == [True, False, True, True]


def test_a_bucket_never_holds_more_than_its_limit() -> None:
    bucket = Bucket(2, 1_000, 0)
    assert [bucket.take(10_000) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("client", "mode", "name"),
    [
        ("127.0.0.1", Mode.LOCAL, None),
        ("127.0.0.1", Mode.HOSTED, "127.0.0.1"),
        ("::ffff:203.0.113.7", Mode.HOSTED, "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", Mode.HOSTED, "2001:db8:1:2::/64"),
        (None, Mode.HOSTED, ""),
        ("x" * 99, Mode.HOSTED, "x" * 64),
    ],
)
def test_a_client_is_counted_by_its_address(client: str | None, mode: Mode, name: str | None) -> None:
    assert address_of(client, mode) == name
