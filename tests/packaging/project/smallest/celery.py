from celery import Celery

app = Celery("smallest", task_cls="runbell.engine.task:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
