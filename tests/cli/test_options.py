import pytest

from server.cli.exits import UsageError
from server.cli.options import read_timeout


def test_timeouts_are_durations() -> None:
    assert (read_timeout(None), read_timeout("20m")) == (None, 1200)
    with pytest.raises(UsageError, match="--timeout: expected a duration"):
        read_timeout("soon")
