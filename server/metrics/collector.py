"""Figures of the parts as metric families, put together when somebody asks and at no other time."""

from collections.abc import Iterable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    SummaryMetricFamily,
)
from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from server.metrics.table import BILLING, GATEWAY, RECORDER, SCHEDULER, TICKER, Metric, Part, Sources
from server.metrics.webhooktable import WEBHOOKS
from server.scheduler.counters import SchedulerFigures
from server.ticker.pace import LATE_MS, TickerFigures

FAMILIES = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily}


class HouseCollector(Collector):
    """Asks the parts when it is asked."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def collect(self) -> Iterator[Family]:
        """See Collector."""
        sources = self._sources
        yield from _families(GATEWAY, sources.gateway())
        ticker = sources.ticker()
        yield from _families(TICKER, ticker)
        yield _lateness(ticker)
        scheduler = sources.scheduler()
        yield from _families(SCHEDULER, scheduler)
        yield _cycles(scheduler)
        yield from _families(RECORDER, sources.recorder())
        yield from _families(BILLING, sources.billing())
        yield from _families(WEBHOOKS, sources.webhooks())


def registry(sources: Sources) -> CollectorRegistry:
    """All that is told of this process: the house's own metrics, and the library's of the process and of Python."""
    known = CollectorRegistry()
    known.register(HouseCollector(sources))
    ProcessCollector(registry=known)
    PlatformCollector(registry=known)
    GCCollector(registry=known)
    return known


def _families(table: Iterable[Metric[Part]], part: Part) -> Iterator[Family]:
    for metric in table:
        labels = [] if metric.label is None else [metric.label]
        family = FAMILIES[metric.kind](f"tendesks_{metric.name}", metric.what, labels=labels)
        values = metric.read(part)
        for word, value in ({"": values} if isinstance(values, int) else values).items():
            family.add_metric([str(word)] if labels else [], value)
        yield family


def _lateness(ticker: TickerFigures) -> Family:
    bounds = [*(str(bound_ms / 1000) for bound_ms in LATE_MS), "+Inf"]
    counts = accumulate(ticker.late)
    return HistogramMetricFamily(
        "tendesks_tick_lateness_seconds",
        "How long after its moment a tick was taken.",
        buckets=list(zip(bounds, counts, strict=True)),
        sum_value=ticker.late_ms / 1000,
    )


def _cycles(scheduler: SchedulerFigures) -> Family:
    return SummaryMetricFamily(
        "tendesks_cycle_seconds",
        "Group commits of the scheduler, from their plan to the commit.",
        count_value=scheduler.cycles_total,
        sum_value=scheduler.cycles_ms_total / 1000,
    )
