from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.accounts import attempts
from server.accounts.attempts import address_of
from server.gateway import admission
from server.gateway.admission import Admission, Limits, Stay, limits_of
from server.gateway.close import Close, End, reason_bytes_max
from server.model import Identity, Role, Scope, View
from server.settings import Mode, Settings
from tests.fakes.clock import FakeClock

LIMITS = Limits(
    sockets_per_address_max=3,
    handshakes_per_minute_max=6,
    failed_hellos_per_minute_max=2,
    sockets_per_account_max=2,
)
OWNER = Identity(
    account="a", office="office1", role=Role.OWNER, view=View.FULL, scopes=frozenset({Scope.READ})
)


class Doorstep:
    """Sockets that come and go, on a clock that stands still."""

    def __init__(self, **limits: Any) -> None:
        self.clock = FakeClock()
        self.admission = Admission(replace(LIMITS, **limits))

    def stay(self, address: str | None = "1.2.3.4") -> tuple[Stay, End | None]:
        stay = self.admission.stay(address)
        return stay, stay.begin(self.clock.monotonic_ms())

    def says(self, address: str | None = "1.2.3.4") -> str:
        stay, end = self.stay(address)
        stay.end()
        return "" if end is None else end.reason


@pytest.mark.parametrize(
    ("client", "mode", "address"),
    [
        ("127.0.0.1", Mode.LOCAL, None),
        ("127.8.8.8", Mode.LOCAL, None),
        ("::1", Mode.LOCAL, None),
        ("::ffff:127.0.0.1", Mode.LOCAL, None),
        ("127.0.0.1", Mode.HOSTED, "127.0.0.1"),
        ("10.0.0.7", Mode.LOCAL, "10.0.0.7"),
        ("::ffff:10.0.0.7", Mode.HOSTED, "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", Mode.HOSTED, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", Mode.HOSTED, "2001:db8:1:2::/64"),
        ("fe80::1%eth0", Mode.HOSTED, "fe80::/64"),
        ("x" * 5_000, Mode.LOCAL, "x" * 64),
        ("", Mode.LOCAL, ""),
        (None, Mode.HOSTED, ""),
    ],
)
def test_what_an_address_counts_as(client: str | None, mode: Mode, address: str | None) -> None:
    assert address_of(client, mode) == address


@given(st.text(max_size=300) | st.none(), st.sampled_from(Mode))
def test_whatever_a_proxy_says_has_a_short_name(client: str | None, mode: Mode) -> None:
    address = address_of(client, mode)
    assert address is None or len(address) <= attempts.address_length_max


def test_so_many_sockets_at_once_from_an_address_and_others_are_not_concerned() -> None:
    step = Doorstep()
    stays = [step.stay() for _ in range(3)]
    assert [end for _, end in stays] == [None] * 3
    assert step.says() == "sockets_per_address_max: expected at most 3 at once; close one first"
    assert step.says("1.2.3.5") == ""
    stays[0][0].end()
    stays[0][0].end()
    assert step.says() == ""


async def test_handshakes_run_out_and_come_back_with_time() -> None:
    step = Doorstep()
    assert [step.says() for _ in range(6)] == [""] * 6
    assert step.says() == (
        "handshakes_per_minute_max: expected at most 6 a minute from one address; come back in 10 s"
    )
    await step.clock.advance(9_001)
    assert step.says().endswith("come back in 1 s")
    await step.clock.advance(999)
    assert step.says() == ""
    assert step.says().endswith("come back in 10 s")
    await step.clock.advance(3_600_000)
    assert [bool(step.says()) for _ in range(7)] == [False] * 6 + [True]


async def test_whoever_fails_too_often_is_not_looked_up_any_more_for_a_while() -> None:
    step = Doorstep(handshakes_per_minute_max=100)
    (stay, _), (other, _) = step.stay(), step.stay("1.2.3.5")
    for _ in range(2):
        assert stay.hello(step.clock.monotonic_ms()) is None
        stay.failed(step.clock.monotonic_ms())
    end = stay.hello(step.clock.monotonic_ms())
    assert end is not None
    assert end.close is Close.TOO_MANY
    assert end.reason.endswith("at most 2 a minute from one address; come back in 30 s")
    assert other.hello(step.clock.monotonic_ms()) is None
    await step.clock.advance(30_000)
    assert stay.hello(step.clock.monotonic_ms()) is None


async def test_who_comes_again_and_again_is_told_no_more_until_some_time_has_passed() -> None:
    step = Doorstep()
    told = 0
    while not step.admission.stay("1.2.3.4").unwelcome(step.clock.monotonic_ms()):
        told += bool(step.says())
    assert told == admission.refusals_told_max
    assert not step.admission.stay("1.2.3.5").unwelcome(step.clock.monotonic_ms())
    await step.clock.advance(60_000 // admission.refusals_told_max)
    assert not step.admission.stay("1.2.3.4").unwelcome(step.clock.monotonic_ms())


def test_so_many_sockets_at_once_of_an_account_wherever_they_come_from_and_guests_do_not_count() -> None:
    step = Doorstep()
    stays = [step.stay(f"1.2.3.{number}")[0] for number in range(4)]
    assert [stay.enter(OWNER) for stay in stays[:2]] == [None, None]
    end = stays[2].enter(OWNER)
    assert end is not None
    assert (end.close, end.reason) == (
        Close.TOO_MANY,
        "sockets_per_account_max: expected at most 2 at once; close one first",
    )
    assert stays[3].enter(replace(OWNER, role=Role.GUEST)) is None
    assert step.stay("1.2.3.9")[0].enter(replace(OWNER, account="b")) is None
    stays[0].end()
    assert stays[2].enter(OWNER) is None


def test_the_owner_at_his_own_machine_is_never_refused() -> None:
    step = Doorstep()
    for _ in range(1_000):
        stay, end = step.stay(None)
        stay.failed(0)
        assert (end, stay.hello(0), stay.enter(OWNER)) == (None, None, None)


def test_a_million_addresses_are_not_remembered_but_those_with_open_sockets_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(admission, "addresses_max", 100)
    step = Doorstep()
    kept = [step.stay("10.0.0.1")[0] for _ in range(3)]
    for number in range(10_000):
        assert step.says(f"1.1.{number >> 8}.{number & 255}") == ""
    assert len(step.admission._addresses) <= 100
    assert step.says("10.0.0.1").startswith("sockets_per_address_max")
    for stay in kept:
        stay.end()
    assert step.says("10.0.0.1") == ""


def test_nothing_is_left_of_accounts_that_have_gone() -> None:
    step = Doorstep(handshakes_per_minute_max=10_000)
    for number in range(1_000):
        stay, _ = step.stay()
        stay.enter(replace(OWNER, account=f"account{number}"))
        stay.end()
    assert step.admission._accounts == {}


def test_every_reason_fits_into_a_close_frame() -> None:
    limits = limits_of(Settings())
    step = Doorstep(**dict.fromkeys(LIMITS.__slots__, 1))
    (stay, _), big = step.stay(), 10**6
    stay.failed(0)
    ends = [step.stay()[1], stay.hello(0)]
    for end in ends:
        assert end is not None
        assert len(end.detail.encode()) + len(str(big)) <= reason_bytes_max
    assert limits.failed_hellos_per_minute_max < limits.handshakes_per_minute_max
