"""`tendesks` as it is shipped, but for where OpenAI is, and that a hosted server may ask there: a test's provider is on this machine.

python tests/browser/near_openai.py BASE serve …
"""

import sys

from server.vault import checking, providers

if __name__ == "__main__":
    providers.KNOWN["openai"] = sys.argv.pop(1)  # type: ignore[index]  # before anybody else has read it
    checking._pinned = None  # type: ignore[assignment]
    from server.__main__ import main

    main()
