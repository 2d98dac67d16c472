"""Pictures of the office without a browser: painted from a state by a process of its own, never by the server's."""
