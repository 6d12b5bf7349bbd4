"""Addresses of the console alone; ``runbell.urls`` has them with the API below.

Each of them gets the same page, whose script reads the address. They are listed so that the project answers every other
address, with 404.
"""

from __future__ import annotations

from django.urls import path, re_path

from runbell.console.views import console

app_name = "runbell"
urlpatterns = [
    path("", console, name="home"),
    re_path(r"^runs/?$", console, name="runs"),
    re_path(r"^runs/(?P<run_id>[^/]+)/?$", console, name="run"),
    path("tasks/<path:name>", console, name="task"),
    re_path(r"^timeline/?$", console, name="timeline"),
    re_path(r"^workers/?$", console, name="workers"),
    re_path(r"^audit/?$", console, name="audit"),
]
