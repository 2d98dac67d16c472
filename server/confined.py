"""The limits of a process that reads what somebody else wrote: it sets them itself, before it reads anything."""

import os
from collections.abc import Mapping
from contextlib import suppress


def confine(limits: Mapping[str, int], *, nice: int) -> None:
    """Set the limits of this process, where the system has them, and let others go first.

    ``limits``: by their names in `resource` without ``RLIMIT_``, in that limit's own unit. What is limited more tightly
    already stays so. A crash leaves no memory behind on the disk.
    """
    with suppress(OSError):
        os.nice(nice)
    with suppress(ImportError):
        import resource  # noqa: PLC0415 -- not on every system

        for name, most in {**limits, "CORE": 0}.items():
            which = getattr(resource, f"RLIMIT_{name}")
            hard = resource.getrlimit(which)[1]
            allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
            with suppress(ValueError, OSError):
                resource.setrlimit(which, (allowed, allowed))
