"""Without DEBUG, as docs/how-to/serve-the-console.md says: files are hashed, compressed, and served by WhiteNoise."""

from pathlib import Path

from smallest.settings import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware", *MIDDLEWARE]  # noqa: F405
STATIC_ROOT = Path(__file__).with_name("static-root")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"/runbell/assets/|\.[0-9a-f]{12}\."
