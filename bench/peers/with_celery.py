"""Celery on Redis. `python with_celery.py 20000` hands the tasks in."""

import os
import sys

from celery import Celery

URL = os.environ["PEER_REDIS"]
RESULT = {"text": "x" * 119}
app = Celery("with_celery", broker=f"{URL}/0", backend=f"{URL}/1")
app.conf.update(
    worker_prefetch_multiplier=int(os.environ.get("PEER_PREFETCH", "64")),
    broker_connection_retry_on_startup=True,
    task_acks_late=True,
    task_send_sent_event=False,
    worker_send_task_events=False,
)


@app.task
def nothing(_n: int) -> dict[str, str]:
    return RESULT


if __name__ == "__main__":
    with app.producer_pool.acquire(block=True) as producer:
        for number in range(int(sys.argv[1])):
            nothing.apply_async((number,), producer=producer)
