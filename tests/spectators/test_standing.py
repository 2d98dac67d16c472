from dataclasses import replace

import pytest

from server.model import Shared, Stretch
from server.spectators.standing import (
    LinkState,
    good_until,
    name_of,
    shared_of,
    shown_of,
    state_of,
    stretch_of,
)
from server.store.links import LinkRow

ROW = LinkRow(
    id="l" * 19, account="a", office="o", hash=b"h", label=None, view="titles", recording=None, from_ms=None, to_ms=None,
    batch=None, origins=(), card=False, lan=False, created_ms=0, expires_ms=100, tier="pro", office_name="Office",
    batch_name=None, gone=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "now_ms", "state"),
    [
        ({}, 99, LinkState.LIVE), ({}, 100, LinkState.EXPIRED), ({"gone": True}, 1, LinkState.EXPIRED),
        ({"revoked_ms": 5}, 1, LinkState.REVOKED), ({"revoked_ms": 5, "gone": True}, 200, LinkState.REVOKED),
    ],
)  # fmt: skip
def test_how_a_link_stands(changes, now_ms: int, state: LinkState) -> None:
    row = replace(ROW, **changes)
    assert state_of(row, now_ms) is state
    assert (good_until(row, 0, now_ms) is None) is (state is not LinkState.LIVE)
    assert shown_of(row, now_ms).state is state


def test_editions_are_good_while_they_are_the_newest_or_in_their_grace() -> None:
    row = replace(ROW, edition=3, former=b"f", former_until_ms=50)
    assert [good_until(row, edition, 10) for edition in range(5)] == [None, None, 50, 100, None]
    assert good_until(row, 2, 50) is None
    assert good_until(replace(row, former=None), 2, 10) is None


def test_a_link_shares_one_thing() -> None:
    assert shared_of(ROW) == (Shared.OFFICE, "o")
    assert shared_of(replace(ROW, recording="r")) == (Shared.RECORDING, "r")
    batch = replace(ROW, batch="b", batch_name="List")
    assert shared_of(batch) == (Shared.BATCH, "b")
    assert (name_of(ROW), name_of(batch)) == ("Office", "List")
    assert stretch_of(ROW) is None
    assert stretch_of(replace(ROW, to_ms=5)) == Stretch(to_ms=5)
