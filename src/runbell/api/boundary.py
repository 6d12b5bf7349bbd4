"""The edge of the API: what never reaches an operation is answered in the same form as what does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponsePermanentRedirect
from django.urls import Resolver404, URLPattern, path, re_path, resolve
from django.utils.http import escape_leading_slashes

from runbell.api.errors import respond
from runbell.api.problems import Problem, problem_response

View = Callable[..., HttpResponse]
KEEPS_METHOD = 308
CATCH_ALL = "nothing-here"


def contained(patterns: list[Any]) -> list[Any]:
    """Return URL patterns whose views answer problem documents whatever happens, and one for every other address."""
    inside = [path(_route(pattern), _contain(pattern.callback), name=pattern.name) for pattern in patterns]
    return [*inside, re_path(r"^.*$", _contain(_nothing_here), name=CATCH_ALL)]


def _contain(view: View) -> View:
    @wraps(view)
    def contained_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        method = request.method
        if method == "HEAD":
            request.method = "GET"
        try:
            response = view(request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 (the last way out: whatever it is, it becomes a problem document)
            response = respond(request, error)
        request.method = method  # the server leaves the body of an answer to HEAD out
        if isinstance(response, HttpResponseNotAllowed):
            response = _not_allowed(request, response.headers["Allow"])
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    contained_view.csrf_exempt = True  # type: ignore[attr-defined]
    return login_not_required(contained_view)  # who calls is found out by the operation's own guard


def _not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    names = sorted(name.strip() for name in allowed.split(","))
    allow = ", ".join([*names, "HEAD"] if "GET" in names else names)
    return problem_response(
        request,
        Problem(
            405, "method-not-allowed", f"This address answers {allow}, not {request.method}", headers={"Allow": allow}
        ),
    )


def _nothing_here(request: HttpRequest) -> HttpResponse:
    """Send on who left out the closing slash, with method and body; refuse everybody else."""
    if not request.path.endswith("/") and _is_known(f"{request.path_info}/"):
        target = escape_leading_slashes(request.get_full_path(force_append_slash=True))
        return HttpResponsePermanentRedirect(target, status=KEEPS_METHOD)
    return problem_response(request, Problem(404, "not-found", "There is nothing at this address"))


def _is_known(path_info: str) -> bool:
    try:
        return resolve(path_info).url_name != CATCH_ALL
    except Resolver404:
        return False


def _route(pattern: URLPattern) -> str:
    return str(pattern.pattern)
