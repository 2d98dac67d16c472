"""Which addresses may be told (pure)."""

import pytest

from server.errors import InvalidInputError
from server.webhooks.address import called, checked_url, url_characters_max

GOOD = [
    "https://example.com/",
    "https://example.com:8443/a/b?token=x",
    "https://8.8.8.8/x",
    "https://[2606:4700::1111]/",
]
BAD = [
    None, "", "example.com", "ftp://example.com/", "https://", "https://u:p@example.com/", "https://example.com/#x",
    "https://example.com/a b", "https://example.com/\n", "https://exämple.com/", "https://example.com\\@evil.test/",
    "https://example.com:0/", "https://example.com:99999/", "https://example.com/" + "x" * url_characters_max, "javascript:alert(1)",
]  # fmt: skip
INSIDE = [
    "https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest", "https://[::ffff:10.0.0.1]/",
    "https://2130706433/", "https://127.1/", "http://example.com/",
]  # fmt: skip


@pytest.mark.parametrize("url", GOOD)
def test_addresses_of_the_public_internet_are_kept_as_they_are(url: str) -> None:
    assert checked_url(url, hosted=True) == url


@pytest.mark.parametrize("url", BAD)
def test_what_is_no_address_is_refused(url: str | None) -> None:
    for hosted in (True, False):
        with pytest.raises(InvalidInputError, match=r"^url: expected"):
            checked_url(url, hosted=hosted)


@pytest.mark.parametrize("url", INSIDE)
def test_what_leads_inside_is_refused_on_a_hosted_server_and_one_s_own_to_send_to(url: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^url: expected (https|a host on the public internet), got"):
        checked_url(url, hosted=True)
    assert checked_url(url, hosted=False) == url


def test_it_is_called_by_its_host_alone() -> None:
    assert called("https://example.com:8443/secret?token=x") == "example.com:8443"
