"""The headers of the console's pages. They say it themselves, whatever the project's middleware says or does not."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

POLICY = (
    "default-src 'none'; script-src {files}; style-src {files}; img-src {files} data:; font-src {files}; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FIXED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def headers() -> dict[str, str]:
    """Return the headers: nothing inline, nothing from elsewhere, not in a frame, kept by nobody."""
    return {"Content-Security-Policy": POLICY.format(files=_static_source()), **FIXED}


def _static_source() -> str:
    """Return what the policy allows files from: this site, and the other one where ``STATIC_URL`` names one."""
    parts = urlsplit(settings.STATIC_URL or "")
    return f"'self' {parts.scheme or 'https'}://{parts.netloc}" if parts.netloc else "'self'"
