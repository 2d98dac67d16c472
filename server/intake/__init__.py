"""Lists from outside: CSV, NDJSON, JSON and plain lines become tasks."""
