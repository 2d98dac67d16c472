"""Ten Desks: a fair queue of tasks, shown running as a live 3D office."""
