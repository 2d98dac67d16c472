"""The world of ten desks: pure, deterministic, without clock, chance or I/O."""
