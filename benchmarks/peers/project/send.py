"""Send messages: ``nothing COUNT``, ``busy SECONDS``, or ``starts``, which sends one for each line that it reads.

Answers each line of ``starts`` with the moment after ``apply_async``.
"""

import os
import sys
import time

import django


def main(what: str, *arguments: str) -> None:
    """Do it."""
    from benchmarks.peers.project import tasks  # noqa: PLC0415 (needs the settings)

    if what == "nothing":
        for _ in range(int(arguments[0])):
            tasks.benchmark_nothing.apply_async()
    elif what == "busy":
        tasks.benchmark_keep_busy.apply_async((float(arguments[0]),))
    else:
        for _ in sys.stdin:
            tasks.benchmark_note_start.apply_async()
            print(f"{time.time():.6f}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.peers.project.settings")
    django.setup()
    main(*sys.argv[1:])
