"""Webhooks: an account's ended batches are told to addresses of its own, signed, at least once, whatever happens meanwhile."""
