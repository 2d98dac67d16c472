"""Where committed facts go out: in memory in one process, over Redis between many."""
