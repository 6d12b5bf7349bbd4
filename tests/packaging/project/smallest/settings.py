from pathlib import Path

SECRET_KEY = "only for this test"
INSTALLED_APPS = ["smallest", "runbell", "django.contrib.auth", "django.contrib.contenttypes"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": Path(__file__).with_name("db.sqlite3")}}
ROOT_URLCONF = "runbell.urls"
USE_TZ = True
CELERY_BROKER_URL = "memory://"
RUNBELL = {"CELERY_APP": "smallest.celery:app"}
