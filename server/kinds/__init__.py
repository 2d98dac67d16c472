"""What a task can be: one file per kind, behind one contract."""
