"""The same work as S1 on other queues. Each file is imported by that queue's own worker, in an environment of its own."""
