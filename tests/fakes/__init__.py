"""Fakes with real behaviour: a clock that is moved by hand, and what else a test needs to be deterministic."""
