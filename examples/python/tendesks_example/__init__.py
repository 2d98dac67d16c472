"""Python functions as tasks of Ten Desks."""
