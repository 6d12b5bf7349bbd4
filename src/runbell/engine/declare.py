"""The declaration of a task: one place for its schedule, its parameters, its queue and its page."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal

from celery import shared_task

from runbell.catalog import catalog
from runbell.domain.catch_up import CatchUp
from runbell.domain.names import is_valid_name
from runbell.domain.params import params_model
from runbell.domain.schedules import Schedule
from runbell.domain.tasks import BacklogProbe, Overlap, ScheduleDefinition, TaskDefinition
from runbell.engine.application import AnyTask
from runbell.engine.execution import execute
from runbell.engine.task import Task

declarations: list[TaskDefinition] = []
"""Every declaration of this process, for a catalogue that is filled again."""

Body = Callable[..., Any]


def task(
    *,
    title: str,
    category: str = "Tasks",
    name: str | None = None,
    schedule: Schedule | None = None,
    queue: str = "celery",
    expires: timedelta | None = None,
    catch_up: timedelta = timedelta(0),
    catch_up_mode: Literal["once", "each"] = "once",
    overlap: Literal["allow", "skip", "queue", "cancel_running"] = "allow",
    rehearsal: Literal["rollback"] | None = None,
    backlog: BacklogProbe | None = None,
    safe_to_repeat: bool = False,
    permission: str = "",
    **celery_options: Any,
) -> Callable[[Body], AnyTask]:
    """Declare a function as a task.

    The function takes the run first, then its typed parameters, and returns an ``Outcome``, a dictionary or None.

    Args:
        title: what people call it.
        category: where the console lists it.
        name: its immutable name in lower snake case; the function's name by default.
        schedule: when it falls due, by ``cron`` or ``every``; None for tasks that are only asked for.
        queue: the queue of its messages.
        expires: how long a run may wait for its start; None for ever.
        catch_up: how old a missed occurrence may be and still be run.
        catch_up_mode: ``"once"`` if one run stands for all of them, ``"each"`` for a run each, oldest first.
        overlap: what happens to a second run while a first one waits or runs: ``"allow"`` lets it run beside it,
            ``"skip"`` refuses it, ``"queue"`` has it wait in line, ``"cancel_running"`` cancels the first for it.
        rehearsal: ``"rollback"`` if it only writes the database and sends mail, so that a dry run can undo it.
        backlog: a function that counts the work that waits for it.
        safe_to_repeat: whether a run whose worker died may be started again from the beginning; without it such a run
            is ``LOST``. Celery's ``acks_late`` says the same.
        permission: a Django permission, ``"app.codename"``, that triggering it needs beside the general one.
        celery_options: passed on to Celery's ``shared_task``.

    Raises:
        ValueError: if the name is not valid or an option is unknown.
        UndeclarableSignature: if the signature cannot become typed parameters.
    """

    def declare(function: Body) -> AnyTask:
        task_name = name or function.__name__
        if not is_valid_name(task_name):
            raise ValueError(f"{task_name!r} is no task name: lower-case letters, digits and underscores, 120 at most")
        definition = TaskDefinition(
            name=task_name,
            celery_name=celery_options.pop("celery_name", f"{function.__module__}.{function.__name__}"),
            title=title,
            category=category,
            description=_first_paragraph(function),
            queue=queue,
            schedules=(ScheduleDefinition(task_name, schedule),) if schedule else (),
            expires=expires,
            catch_up=catch_up,
            catch_up_mode=CatchUp(catch_up_mode),
            overlap=Overlap(overlap),
            rehearsal=rehearsal == "rollback",
            backlog=backlog,
            safe_to_repeat=safe_to_repeat or bool(celery_options.get("acks_late")),
            permission=permission,
            params_model=params_model(function),
        )
        declarations.append(definition)
        catalog.add(definition)
        return _celery_task(function, definition, celery_options)

    return declare


def _celery_task(function: Body, definition: TaskDefinition, options: dict[str, Any]) -> AnyTask:
    signature = inspect.signature(function)
    run_parameter = next(iter(signature.parameters))

    @functools.wraps(function)
    def body(celery_task: AnyTask, /, *args: Any, **kwargs: Any) -> Any:
        params = signature.bind(None, *args, **kwargs).arguments
        params.pop(run_parameter)
        return execute(function, definition, celery_task, params)

    declared = {"bind": True, "base": Task, "name": definition.celery_name, "runbell_queue": definition.queue}
    decorate: Callable[[Body], AnyTask] = shared_task(**declared | options)  # type: ignore[call-overload]
    return decorate(body)


def _first_paragraph(function: Body) -> str:
    return " ".join((inspect.getdoc(function) or "").partition("\n\n")[0].split())
