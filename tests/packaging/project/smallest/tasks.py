from datetime import timedelta

import runbell
from runbell import Outcome, Run, every


@runbell.task(title="Count to three", schedule=every(timedelta(hours=1)))
def count_to_three(run: Run, step: int = 1) -> Outcome:
    """Count."""
    return Outcome(processed=3 * step)
