"""What holds for all tests: a busy machine is no failure, and a failing example can be played again."""

from hypothesis import settings

settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
