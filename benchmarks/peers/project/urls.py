"""Addresses of the peers' project: the admin, and the original code's request that waits."""

from __future__ import annotations

import os

from celery.exceptions import TimeoutError as NoResult
from django.contrib import admin
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from benchmarks.peers.project.tasks import benchmark_nothing


@csrf_exempt
def wait_for_result(_request: HttpRequest) -> JsonResponse:
    """Send the task and wait for its result, 30 seconds at most, as the original code did."""
    try:
        benchmark_nothing.apply_async().get(timeout=float(os.environ["PEER_WAITS"]))
    except NoResult as error:
        return JsonResponse({"success": False, "error": str(error)}, status=504)
    return JsonResponse({"success": True})


urlpatterns = [path("admin/", admin.site.urls), path("manual-trigger/", wait_for_result)]
