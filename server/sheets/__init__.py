"""Results as tables: which columns they have, of what type, and the process that writes Parquet."""
