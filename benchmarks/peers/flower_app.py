"""What Flower publishes: one task, as empty as can be, without a result backend."""

from celery import Celery

app = Celery("flower_app")
app.conf.task_ignore_result = True


@app.task
def nothing() -> None:
    """Do nothing."""
