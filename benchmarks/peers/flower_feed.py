"""``COUNT SECONDS``: tell Flower of so many tasks, as a worker does, for so long at most; print how many it was."""

import sys
import time
import uuid

from benchmarks.peers.flower_app import app


def main(count: int, seconds: float) -> int:
    """Send the three events of each task."""
    until = time.monotonic() + seconds
    with (
        app.connection_for_write() as connection,
        app.events.Dispatcher(connection, hostname="celery@worker") as events,
    ):
        for number in range(count):
            run_id = str(uuid.uuid4())
            name = "benchmarks.peers.flower_app.nothing"
            events.send("task-received", uuid=run_id, name=name, args="()", kwargs="{}", retries=0, eta=None)
            events.send("task-started", uuid=run_id)
            events.send("task-succeeded", uuid=run_id, result="None", runtime=0.001)
            if time.monotonic() > until:
                return number + 1
    return count


if __name__ == "__main__":
    print(main(int(sys.argv[1]), float(sys.argv[2])))
