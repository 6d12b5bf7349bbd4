"""Django's settings of the reference project, all of them, driven by environment variables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.management.utils import get_random_secret_key
from kombu import Exchange, Queue

from edms import environment, private_files

BASE_DIR = Path(__file__).resolve().parent.parent
RUNBELL_HOME = Path(os.environ.get("RUNBELL_HOME") or BASE_DIR / "var").absolute()
RUNBELL_HOME.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = environment.flag("DJANGO_DEBUG")
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY") or private_files.read_or_create(
    RUNBELL_HOME / "secret_key", get_random_secret_key
)
SECRET_KEY_FALLBACKS = environment.words("DJANGO_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "runbell",
    "ninja",
    "edms.documents",
    "edms.workflows",
    "edms.notifications",
    "edms.scheduler",
    "edms.demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "edms.csp.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # The one that cannot be asynchronous stands last: Django then runs all of them on one thread instead of going to
    # a thread and back for each (measured under uvicorn: about a third off the time of /healthz).
    "whitenoise.middleware.WhiteNoiseMiddleware",
]
ROOT_URLCONF = "edms.urls"
ASGI_APPLICATION = "edms.asgi.application"
WSGI_APPLICATION = "edms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "edms" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": environment.database(
        os.environ.get("DATABASE_URL") or f"sqlite:///{quote(str(RUNBELL_HOME / 'edms.sqlite3'))}",
        pooled=environment.flag("EDMS_DB_POOL"),
        prepared=environment.flag("EDMS_DB_PREPARED", default=True),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL") or "filesystem://localhost"  # kombu warns without a host
CELERY_BROKER_TRANSPORT_OPTIONS = environment.broker(CELERY_BROKER_URL, RUNBELL_HOME / "broker")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_QUEUES = [Queue(name, Exchange(name, type="direct"), routing_key=name) for name in ("celery", "scheduler")]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 1000

SITE_TIME_ZONE = os.environ.get("EDMS_SITE_TIME_ZONE") or "Europe/Berlin"
"""Where the documents' dates begin and end."""
TRUSTED_PROXIES = tuple(environment.words("EDMS_TRUSTED_PROXIES"))
"""Networks whose word on where a request came from is believed, e.g. ``10.0.0.0/8``."""
RUNBELL: dict[str, Any] = {
    "CELERY_APP": "edms.celery:app",
    "SITE_TIME_ZONE": SITE_TIME_ZONE,
    "TRUSTED_PROXIES": TRUSTED_PROXIES,
    # No middleware of this project's does anything but admit a request or add the same headers to every answer.
    "EXPRESS": True,
}
DOCUMENT_ROOT = RUNBELL_HOME / "files"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "static/"
STATIC_ROOT = RUNBELL_HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "edms" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# The console's files carry a hash of their content in their names.
WHITENOISE_IMMUTABLE_FILE_TEST = "/runbell/assets/"

MAIL = environment.mail(os.environ.get("EMAIL_URL", ""), RUNBELL_HOME / "mail")
globals().update(MAIL)
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL") or "edms@localhost"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

HTTPS = environment.flag("EDMS_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        **{name: {"level": "INFO"} for name in ("celery", "edms", "runbell")},
    },
}
