"""Decides what runs: fair, durable, in group commits."""
