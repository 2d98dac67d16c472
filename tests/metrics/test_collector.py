"""What is exported, as a stock parser of the format reads it, against the figures and against the page of docs."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from server.billing.figures import EVENTS, LOOKS
from server.metrics.collector import registry
from server.metrics.table import BILLING, GATEWAY, RECORDER, SCHEDULER, TICKER
from server.metrics.webhooktable import WEBHOOKS
from tests.metrics import figures
from tests.metrics.figures import sources

PAGE = Path(__file__).parent.parent.parent / "docs" / "metrics.md"
WORDS = {
    "view": {"full", "titles", "batches", "figures"},
    "state": {"done", "failed", "cancelled", "lost"},
    "outcome": {*EVENTS, *LOOKS},
    "le": {"0.001", "0.002", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "+Inf"},
}


def exported() -> str:
    return generate_latest(registry(sources())).decode()


def ours() -> dict[str, float]:
    """Every series of ours as it is written, and its value."""
    series = {}
    for family in text_string_to_metric_families(exported()):
        for sample in family.samples:
            if sample.name.startswith("tendesks_"):
                labels = ",".join(f"{name}={word}" for name, word in sample.labels.items())
                series[f"{sample.name}{{{labels}}}"] = sample.value
    return series


def test_figures_are_told_as_they_are() -> None:
    series = ours()
    assert series["tendesks_sockets{}"] == 101
    assert series["tendesks_viewers{view=batches}"] == 3
    assert series["tendesks_sent_bytes_total{}"] == 105
    assert series["tendesks_offices_awake{}"] == 201
    assert series["tendesks_ticks_total{}"] == 61
    assert series["tendesks_store_troubled{}"] == 1
    assert series["tendesks_ends_total{state=lost}"] == 8
    assert series["tendesks_recording_sheds{}"] == 0
    assert (series["tendesks_cycle_seconds_count{}"], series["tendesks_cycle_seconds_sum{}"]) == (304, 4.567)


def test_every_figure_is_told() -> None:
    values = set(ours().values())
    for part in (
        figures.GATEWAY, figures.TICKER, figures.SCHEDULER, figures.RECORDER, figures.BILLING, figures.WEBHOOKS
    ):  # fmt: skip
        for name, value in dataclasses.asdict(part).items():
            if isinstance(value, dict):
                assert set(value.values()) <= values, name
            elif not name.endswith(("_ms", "_ms_total")) and not isinstance(value, tuple):
                assert float(value) in values, name


def test_lateness_is_a_histogram_in_seconds() -> None:
    series = ours()
    name = "tendesks_tick_lateness_seconds"
    assert series[f"{name}_bucket{{le=0.001}}"] == 50
    assert series[f"{name}_bucket{{le=0.02}}"] == 60
    assert series[f"{name}_bucket{{le=0.5}}"] == 60
    assert series[f"{name}_bucket{{le=+Inf}}"] == series[f"{name}_count{{}}"] == 61
    assert series[f"{name}_sum{{}}"] == 2.345


def test_a_label_holds_nothing_but_a_few_words_of_ours() -> None:
    for family in text_string_to_metric_families(exported()):
        for sample in family.samples:
            if sample.name.startswith("tendesks_"):
                assert sample.labels.keys() <= WORDS.keys()
                assert all(word in WORDS[label] for label, word in sample.labels.items())
    assert len(ours()) < 80


def test_the_process_and_python_are_told_too() -> None:
    told = exported()
    assert re.search(r"^process_resident_memory_bytes [1-9]", told, re.MULTILINE)
    assert "python_gc_collections_total" in told


def documented() -> Iterator[tuple[str, str, str, str]]:
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0].startswith("`tendesks_"):
            name, kind, label, what = cells
            yield name.strip("`"), kind, label.strip("`"), what


def told() -> Iterator[tuple[str, str, str, str]]:
    labels = {
        metric.name: metric.label
        for table in (GATEWAY, TICKER, SCHEDULER, RECORDER, BILLING, WEBHOOKS)
        for metric in table
    }
    for family in text_string_to_metric_families(exported()):
        if family.name.startswith("tendesks_"):
            total = "_total" if family.type == "counter" else ""
            label = labels.get(family.name.removeprefix("tendesks_")) or ""
            yield f"{family.name}{total}", family.type, label, family.documentation


def test_the_page_says_what_is_exported_and_nothing_else() -> None:
    assert list(documented()) == list(told())
