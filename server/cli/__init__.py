"""The tendesks command: one file per group of commands."""
