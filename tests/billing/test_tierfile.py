"""An operator's table is read whole or refused in one line that says where."""

import json
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from server.billing.tierfile import check_used, read_tiers
from server.billing.tiers import TIERS, require
from server.errors import ConfigurationError, TierRequiredError
from server.model import Tier

BASIC = """
[basic]
title = "Basic"
price = 9
slots = 2
slots_with_key = 4
quota = 300
quota_soft = false
links = 3
viewers = 20
recording_days = 14
weight = 2
features = ["exports"]

[big]
title = "Big"
slots = 40
slots_with_key = 40
quota = 9_000
quota_soft = true
viewers = 100
weight = 4
"""


def file(folder: Path, text: str, name: str = "tiers.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_without_a_file_the_built_in_table_holds() -> None:
    assert read_tiers(None) is TIERS


def test_a_file_takes_its_place_in_its_order(tmp_path: Path) -> None:
    tiers = read_tiers(file(tmp_path, BASIC))
    assert list(tiers) == ["basic", "big"]
    assert (tiers["basic"].slots, tiers["basic"].links, tiers["basic"].features) == (2, 3, ("exports",))
    assert (tiers["big"].price, tiers["big"].links, tiers["big"].recording_days, tiers["big"].features) == (
        None, None, None, (),
    )  # fmt: skip


def test_the_built_in_table_written_as_json_reads_the_same(tmp_path: Path) -> None:
    rows = {
        name: {key: value for key, value in asdict(tier).items() if key != "name" and value is not None}
        for name, tier in TIERS.items()
    }
    assert read_tiers(file(tmp_path, json.dumps(rows), "tiers.json")) == TIERS


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("slots = 2\n", "", "basic.slots: Field required"),
        ("slots = 2\n", "slots = 0\n", "basic.slots: Input should be greater than or equal to 1, got 0"),
        ("slots = 2\n", 'slots = "2"\n', "basic.slots: Input should be a valid integer, got '2'"),
        ("slots = 2\n", "slots = 5\n", "basic.slots_with_key: expected at least 5, got 4"),
        ("quota = 300", "quota = -1", "basic.quota: Input should be greater than or equal to 1, got -1"),
        ("quota_soft = false", "quota_soft = 1", "basic.quota_soft: Input should be a valid boolean, got 1"),
        ('["exports"]', '["export"]', "basic.features: expected some of analytics, exports, "),
        ("weight = 2", "weight = 2\nsloths = 1", "basic.sloths: Extra inputs are not permitted, got 1"),
        ("[basic]", "[Basic]", "Basic.name: String should match pattern"),
        ("[basic]", '[basic]\nname = "other"', "basic.name: expected it to be left out, got 'other'"),
        ("[basic]", "[basic", "expected TOML, got "),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in BASIC
    with pytest.raises(ConfigurationError) as caught:
        read_tiers(file(tmp_path, BASIC.replace(old, new, 1)))
    line = caught.value.detail
    assert line.startswith(f"TENDESKS_TIERS_FILE: {tmp_path / 'tiers.toml'}: ")
    assert said in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "expected 1 to 16 tiers (tiers_max), got 0"),
        ("[]", "expected an object of tiers by name, got list"),
        ("{", "expected JSON, got "),
        ('{"a": 1}', "a: Input should be a valid dictionary"),
        (
            json.dumps({f"t{number}": {} for number in range(17)}),
            "expected 1 to 16 tiers (tiers_max), got 17",
        ),
        (" " * 65_537, "expected at most 65536 bytes (file_bytes_max), got 65537"),
    ],
)
def test_so_is_a_file_that_is_no_table(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_tiers(file(tmp_path, text, "tiers.json"))
    assert said in caught.value.detail


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="expected a file that can be read, got No such file"):
        read_tiers(tmp_path / "none.toml")


def test_a_tier_that_accounts_have_must_be_there() -> None:
    check_used(TIERS, {"free", "pro"})
    with pytest.raises(
        ConfigurationError, match="expected the tiers that accounts have, got none called gold"
    ):
        check_used(TIERS, {"free", "gold"})


def test_every_field_of_a_tier_can_be_given(tmp_path: Path) -> None:
    full = {each.name: getattr(TIERS["pro"], each.name) for each in fields(Tier) if each.name != "name"}
    assert read_tiers(file(tmp_path, json.dumps({"pro": full}), "t.json")) == {"pro": TIERS["pro"]}


def test_a_gate_names_the_tier_that_has_it() -> None:
    require("members", "pro")
    with pytest.raises(TierRequiredError, match="members: not with Free; Pro has it") as caught:
        require("members", "free")
    assert caught.value.extra == {"tier": "pro"}
    with pytest.raises(TierRequiredError, match="no plan of this server has it"):
        require("members", "free", {"free": TIERS["free"]})
