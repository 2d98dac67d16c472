"""Sessions of an office, kept as the very messages its members saw, and read again."""
