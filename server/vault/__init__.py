"""Own keys: kept so that a copy of the database opens none, told nowhere, and used for their owner alone."""
