from pathlib import Path

import pytest

from bench import paper
from bench.__main__ import chosen
from bench.paper import Paper, page, read_paper
from bench.rows import Row, number
from bench.table import GROUPS


def row(**more: object) -> Row:
    given = {"id": "S1", "what": "tasks", "unit": "tasks/s", "values": [3.0, 1.0, 2.0], "date": "2026-11-24"}
    return Row(**(given | more))  # type: ignore[arg-type]


def test_the_median_is_held_against_the_bar_in_its_direction() -> None:
    assert row(bar=2, more_is_better=True).verdict == "reached"
    assert row(bar=2.1, more_is_better=True).verdict == "**falls short**"
    assert row(bar=2).verdict == "reached"
    assert row(bar=1.9).verdict == "**falls short**"
    assert row().verdict == ""


def test_a_figure_is_written_with_the_digits_that_mean_something() -> None:
    assert [number(value) for value in (0, 0.1234, 12.345, 12345.6)] == ["0", "0.123", "12.3", "12,346"]


def test_what_is_not_measured_now_stays_with_its_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "KEPT", tmp_path / "benchmarks.json")
    monkeypatch.setattr(paper, "PAPER", tmp_path / "benchmarks.md")
    first = Paper(machine="a machine")
    first.put("S1", [row(date="2026-11-01", bar=2)])
    first.put("profile", "a table")
    first.write()
    second = read_paper()
    second.put("S2", [row(id="S2", values=[5.0], bar=6, more_is_better=True)])
    second.write()
    written = (tmp_path / "benchmarks.md").read_text()
    assert "1 of 2 bars are reached" in written
    assert "| S1 | tasks | **2** tasks/s | ≤ 2 | reached | 3, 1, 2 | 2026-11-01" in written
    assert "| S2 | tasks | **5** tasks/s | ≥ 6 | **falls short** | 5 | 2026-11-24" in written
    assert "a table" in written
    assert page(read_paper()) == written


def test_a_row_that_could_not_be_measured_says_why() -> None:
    found = Paper(machine="a machine")
    found.put("peers", [row(id="peers Celery", what="Celery", values=[], missing="there is no redis-server")])
    assert "| Celery | not measured: there is no redis-server |" in page(found)


def test_the_first_row_stands_beside_the_fastest_of_the_others() -> None:
    found = Paper(machine="a machine")
    found.put("S1", [row()])
    others = [row(id=name, what=f"{name} 1.0 (…)", values=[value], peer="Ten Desks", peer_values=[2.0])
              for name, value in (("SAQ", 0.5), ("Taskiq", 1.0))]  # fmt: skip
    found.put("peers", others)
    assert "2 times Taskiq 1.0 (1 tasks/s)" in page(found)


def test_groups_are_chosen_by_name_and_an_unknown_one_is_said() -> None:
    assert [group.name for group in chosen(["s1", "S5"])] == ["S1", "S5"]
    assert chosen([]) == list(GROUPS)
    with pytest.raises(SystemExit, match=r"expected one or more of S1, .*, got S99"):
        chosen(["S99"])


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_every_group_has_its_function(group: object) -> None:
    module, _, name = group.where.partition(":")  # type: ignore[attr-defined]
    source = (Path(paper.ROOT) / "bench" / f"{module}.py").read_text()
    assert f"\ndef {name}(" in source
