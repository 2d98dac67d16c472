"""Markers: what happened in a recording that somebody may want to find (p)."""

from typing import Any, TypeAlias

Marker: TypeAlias = dict[str, Any]
