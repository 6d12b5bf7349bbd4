"""Workers to be asked, and asking them: ``work COUNT``, ``wait COUNT``, ``ask``. Run by a peer's interpreter."""

import json
import os
import sys
import time

from benchmarks.peers.flower_app import app

PATIENCE = 100.0


def work(count: int) -> None:
    """Fork so many workers and wait for their end."""
    for number in range(count):
        if os.fork() == 0:
            quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
            app.worker_main(["worker", "--pool", "solo", "--hostname", f"worker-{number:03}@benchmark", *quiet])
            os._exit(0)
    os.wait()


def wait(count: int) -> None:
    """Wait until so many answer.

    Raises:
        TimeoutError: if they do not.
    """
    until = time.monotonic() + PATIENCE
    while len(app.control.ping(timeout=1.0, limit=count) or ()) < count:
        if time.monotonic() > until:
            raise TimeoutError(f"{count} workers do not answer")


def ask() -> dict[str, float]:
    """Ask what is active, as Celery's documentation does, after a first question that opens the connection."""
    app.control.inspect(timeout=0.1).ping()
    began = time.perf_counter()
    answer = app.control.inspect().active() or {}
    return {"seconds": time.perf_counter() - began, "workers": len(answer)}


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        print(json.dumps(ask()))
    else:
        {"work": work, "wait": wait}[sys.argv[1]](int(sys.argv[2]))
