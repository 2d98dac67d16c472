"""Where real time meets the simulation."""
