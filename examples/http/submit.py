#!/usr/bin/env python3
"""Hand in a CSV as a batch of kind `http` with a header that is a secret: from the environment, and in no argument.

    ORDERS_KEY=let-me-in python examples/http/submit.py examples/http/orders.csv http://127.0.0.1:8041/orders/{customer}

The server and its token come from TENDESKS_URL and TENDESKS_TOKEN, or from the local server's file. Needs nothing but
Python 3.11.
"""

import csv
import json
import os
import sys
from pathlib import Path
from urllib.request import Request, urlopen


def server() -> tuple[str, str]:
    """Return (the server's URL, the token)."""
    if "TENDESKS_URL" in os.environ:
        return os.environ["TENDESKS_URL"], os.environ["TENDESKS_TOKEN"]
    known = json.loads(
        (Path(os.environ.get("TENDESKS_DATA", Path.home() / ".tendesks")) / "server.json").read_text()
    )
    return known["url"], known["token"]


def main() -> None:
    file, url = sys.argv[1:]
    with Path(file).open(newline="", encoding="utf-8") as rows:
        tasks = [{"title": next(iter(row.values())), "input": row} for row in csv.DictReader(rows)]
    params = {"url": url, "headers": {"Authorization": f"Bearer {os.environ['ORDERS_KEY']}"}}
    batch = {"name": "Orders", "kind": "http", "params": params, "tasks": tasks}
    base, token = server()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = Request(f"{base}/api/v1/batches", json.dumps(batch).encode(), headers)
    with urlopen(request) as answer:
        print(json.load(answer)["id"])


if __name__ == "__main__":
    main()
