import pytest

from server.settings import Settings
from server.spectators.reach import Place, Reach, named, place_of, reach_of


@pytest.mark.parametrize(
    ("host", "reach"),
    [
        ("localhost", Reach.MACHINE), ("a.localhost", Reach.MACHINE), ("127.0.0.9", Reach.MACHINE), ("::1", Reach.MACHINE),
        ("192.168.1.5", Reach.LAN), ("10.0.0.1", Reach.LAN), ("fe80::1%eth0", Reach.LAN), ("desk.local", Reach.LAN),
        ("desk", Reach.LAN), ("8.8.8.8", Reach.PUBLIC), ("desks.example.com", Reach.PUBLIC), ("2606:4700::1", Reach.PUBLIC),
    ],
)  # fmt: skip
def test_a_host_is_judged_by_its_name(host: str, reach: Reach) -> None:
    assert reach_of(host) is reach


@pytest.mark.parametrize(
    ("settings", "base", "reach"),
    [
        ({}, "http://127.0.0.1:8123", Reach.MACHINE),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8123", Reach.MACHINE),
        ({"host": "192.168.1.5"}, "http://192.168.1.5:8123", Reach.LAN),
        ({"host": "::1"}, "http://[::1]:8123", Reach.MACHINE),
        ({"public_url": "https://desks.example.com/"}, "https://desks.example.com", Reach.PUBLIC),
        ({"public_url": "http://localhost:9000"}, "http://localhost:9000", Reach.MACHINE),
    ],
)
def test_a_place_is_what_the_settings_say(settings: dict[str, str], base: str, reach: Reach) -> None:
    assert place_of(Settings(**settings), 8123) == Place(base=base, reach=reach)


def test_a_url_has_its_secret_in_the_fragment() -> None:
    assert Place(base="http://a:1", reach=Reach.LAN).url("link", "secret") == "http://a:1/s/link#secret"
    assert named("::") == "127.0.0.1"
