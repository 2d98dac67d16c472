"""What somebody may ask of what is kept about them: all of it as a file, for how long, and that it be deleted."""
