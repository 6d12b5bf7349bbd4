"""Addresses of the reference project."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from runbell.api.health import healthz, readyz

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="runbell:home"), name="home"),
    path("accounts/login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("scheduler/", include("runbell.console.urls")),
    path("api/v1/scheduler/", include("runbell.api.urls")),
    path("healthz", healthz),
    path("readyz", readyz),
]
