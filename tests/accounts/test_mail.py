import socket

import pytest

from server.accounts.email import email_of
from server.accounts.mail import Mail, Relay, deliver, message_of, relay_of
from server.errors import InvalidInputError
from tests.fakes.smtp import mailbox

MAIL = Mail(to="ada@example.org", subject="Sign in", text="Grüße: https://desk.example/#signin=x")


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://mail.example.org", Relay(host="mail.example.org", port=587, direct=False, plain=False)),
        ("smtps://mail.example.org", Relay(host="mail.example.org", port=465, direct=True, plain=False)),
        ("smtp://127.0.0.1:25", Relay(host="127.0.0.1", port=25, direct=False, plain=True)),
        (
            "smtp://ada%40b:p%3Aw@localhost:2525/",
            Relay(host="localhost", port=2525, direct=False, plain=True, user="ada@b", password="p:w"),
        ),
    ],
)
def test_a_relay_is_named_by_a_url(url: str, relay: Relay) -> None:
    assert relay_of(url) == relay


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://a", "smtp://", "smtp://a:x", "smtp://a:99999", "smtp://a/b", "smtp://a?tls=off", "smtp://a:0"])  # fmt: skip
def test_what_is_no_relay(url: str) -> None:
    with pytest.raises(
        ValueError, match=r"expected a URL such as smtp://user:password@mail\.example\.org:587"
    ):
        relay_of(url)


def test_a_password_is_not_told_by_accident() -> None:
    assert "secret" not in repr(relay_of("smtp://ada:secret@mail.example.org"))
    assert "#signin" not in repr(MAIL)


def test_a_mail_arrives_as_it_was_written() -> None:
    with mailbox() as box:
        deliver(relay_of(box.url), message_of(MAIL, "Ten Desks <desk@desk.example>", 1_795_000_000_000))
        found = box.next()
    assert (found["To"], found["Subject"]) == ("ada@example.org", "Sign in")
    assert found["From"] == "Ten Desks <desk@desk.example>"
    assert found["Date"] == "Wed, 18 Nov 2026 11:06:40 +0000"
    assert found["Message-ID"].endswith("@desk.example>")
    assert found["Auto-Submitted"] == "auto-generated"
    assert found.get_content().strip() == MAIL.text


def test_a_relay_that_wants_to_know_who_it_is_is_told() -> None:
    with mailbox() as box:
        relay = relay_of(box.url.replace("://", "://ada:p%40ss@"))
        deliver(relay, message_of(MAIL, "desk@desk.example", 0))
        assert box.logins == [(b"ada", b"p@ss")]
        with pytest.raises(OSError, match="535"):
            deliver(relay_of(box.url.replace("://", "://ada:wrong@")), message_of(MAIL, "d@d.example", 0))


def test_a_relay_elsewhere_gets_nothing_in_the_clear() -> None:
    with mailbox() as box:
        relay = Relay(host="127.0.0.1", port=box.port, direct=False, plain=False)
        with pytest.raises(OSError, match="STARTTLS"):
            deliver(relay, message_of(MAIL, "desk@desk.example", 0))
        assert box.empty


def test_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        deliver(
            Relay(host="127.0.0.1", port=port, direct=False, plain=True), message_of(MAIL, "d@d.example", 0)
        )


@pytest.mark.parametrize("to", ["ada@example.org\nBcc: eve@evil.test", "a\r\nb"])
def test_no_header_grows_out_of_an_address(to: str) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        message_of(Mail(to=to, subject="x", text="x"), "d@d.example", 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [("ada@example.org", "ada@example.org"), (" Ada.L+x@Example.ORG ", "ada.l+x@example.org"), ("o'b@a-b.co", "o'b@a-b.co")],
)  # fmt: skip
def test_an_address_has_one_spelling(text: str, found: str) -> None:
    assert email_of(text) == found


@pytest.mark.parametrize(
    "text",
    [None, 7, "", "ada", "ada@", "@example.org", "ada@example", "a b@example.org", "ada@exam ple.org",
     "ada@example.org\n Bcc: x@y.z", "ada@example.org,eve@evil.test", "<ada@example.org>", "ada@exämple.org",
     "\u0430da@example.org", "ada@-x.org", "ada@x..org", "a@" + "b" * 260 + ".org", "x" * 65 + "@example.org"],
)  # fmt: skip
def test_what_is_no_address(text: object) -> None:
    with pytest.raises(InvalidInputError, match=r"email: expected an address such as ada@example\.org"):
        email_of(text)
