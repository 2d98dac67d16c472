"""The owners are told by mail when a webhook was switched off: a real SMTP server, and a receiver that wants nothing more."""

from pathlib import Path

from server.store.hooks import OffReason, SwitchedOff
from server.webhooks.letters import WHY, mail_of
from tests.fakes.receiver import receiving, status
from tests.routes.hosted import hosted
from tests.webhooks.hostage import to_loopback
from tests.webhooks.room import going


async def test_each_owner_gets_one_letter_without_what_may_be_secret(tmp_path: Path) -> None:
    async with receiving(status(410)) as receiver, hosted(tmp_path, backend=to_loopback(receiver)) as it:
        going(it.front)
        owner = await it.person("ada@example.org")
        await it.change("ada@example.org", tier="enterprise")
        await it.member(owner, "bob@example.org", "owner")
        await it.member(owner, "eve@example.org", "viewer")
        await owner.ask("POST", "/webhooks", json={"url": "https://hooks.example/s3cret?t=1", "label": "CRM"})
        await owner.ask(
            "POST", "/batches", json={"kind": "demo", "params": {"seconds": 60}, "tasks": [{"input": {}}]}
        )
        await it.front.clock.advance(60_000)
        await it.front.reception.post.settled()
        letters = [it.box.next() for _ in range(2)]
        assert it.box.empty
        assert {letter["To"] for letter in letters} == {"ada@example.org", "bob@example.org"}
        for letter in letters:
            text = letter.get_content()
            assert "CRM (hooks.example)" in text
            assert WHY[OffReason.GONE] in text
            assert "s3cret" not in text


def test_a_letter_names_what_there_is_to_name() -> None:
    off = SwitchedOff(
        hook="h", account="a", url="https://x.example:444/a", label=None, reason=OffReason.FAILING
    )
    letter = mail_of("ada@example.org", off, "https://desk.example")
    assert "your webhook x.example:444." in letter.text
    assert "https://desk.example" in letter.text
    assert set(WHY) == set(OffReason) - {OffReason.OWNER}
