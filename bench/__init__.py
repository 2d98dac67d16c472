"""One script for each group of figures; `make bench` measures them all and writes docs/benchmarks.md."""
