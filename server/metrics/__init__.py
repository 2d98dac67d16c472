"""What the house counts, told to a Prometheus server on a port of its own."""
