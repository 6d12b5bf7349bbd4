"""``python -m benchmarks.pruning DAYS``: prune what is older; print how many rows went and the seconds it took."""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta

import django


def main(days: float) -> tuple[int, float]:
    """Prune as the clean-up task does."""
    from runbell.actions.prune import prune  # noqa: PLC0415 (needs the settings)

    began = time.perf_counter()
    gone = prune(older_than=timedelta(days=days))
    return gone.runs + gone.events + gone.log_lines, time.perf_counter() - began


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(float(sys.argv[1]))))
