"""A project that mounted all of it with one line."""

from django.urls import include, path

urlpatterns = [path("", include("runbell.urls"))]
