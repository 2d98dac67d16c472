"""`tendesks` as it is shipped, but for the length of a lease: so that a test sees one run out within seconds.

python tests/flow/short_leases.py MILLISECONDS serve …
"""

import sys

from server.scheduler import plan

if __name__ == "__main__":
    plan.LEASE_MS = int(sys.argv.pop(1))  # before anybody else has read it
    from server.__main__ import main

    main()
