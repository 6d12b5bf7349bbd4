"""A project that mounted the console and forgot the API."""

from django.urls import include, path

urlpatterns = [path("scheduler/", include("runbell.console.urls"))]
