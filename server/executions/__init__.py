"""Carries out one task under its lease: bodies, logs, ends."""
