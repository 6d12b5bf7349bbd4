"""What can run: the declared tasks, and the plain Celery tasks found beside them.

The catalogue is filled by a loader that ``runbell.apps`` installs, on first use, because Celery imports task modules
late. Reading it touches neither a database nor a broker.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator

from runbell.domain.errors import AmbiguousTask, UnknownTask
from runbell.domain.names import normalise, short_name
from runbell.domain.tasks import ScheduleDefinition, TaskDefinition


class Catalog:
    """The tasks of this process, by every spelling of their names."""

    def __init__(self) -> None:
        self._tasks: dict[str, TaskDefinition] = {}
        self._spellings: dict[str, list[str]] = {}
        self._problems: list[str] = []
        self._unguarded: list[str] = []
        self._queues: frozenset[str] = frozenset()
        self._loader: Callable[[], None] | None = None
        self._lock = threading.RLock()

    def set_loader(self, loader: Callable[[], None]) -> None:
        """Have ``loader`` called once, before the catalogue is first read."""
        self._loader = loader

    def add(self, task: TaskDefinition) -> None:
        """Add a task. One whose name is taken by another Celery task is left out and noted in ``problems``."""
        with self._lock:
            other = self._tasks.get(task.name)
            if other is not None and other.celery_name != task.celery_name:
                self.report(f"two tasks are called {task.name}: {other.celery_name} and {task.celery_name}")
                return
            self._tasks[task.name] = task
            for spelling in {normalise(task.name), task.celery_name, normalise(short_name(task.celery_name))}:
                names = self._spellings.setdefault(spelling, [])
                if task.name not in names:
                    names.append(task.name)

    def resolve(self, spelling: str) -> TaskDefinition:
        """Return the task that a spelling means: its name, hyphenated or not, or its Celery path.

        Raises:
            UnknownTask: if none does.
            AmbiguousTask: if a short spelling fits several plain Celery tasks.
        """
        self._load()
        task = self._tasks.get(spelling)
        if task is not None:
            return task
        names = self._spellings.get(spelling) or self._spellings.get(normalise(spelling)) or []
        exact = [name for name in names if normalise(name) == normalise(spelling)]
        candidates = exact or names
        if not candidates:
            raise UnknownTask(spelling, [task.name for task in self])
        if len(candidates) > 1:
            raise AmbiguousTask(spelling, candidates)
        return self._tasks[candidates[0]]

    def find(self, name: str) -> TaskDefinition | None:
        """Return the task with exactly this name or Celery path, or None."""
        self._load()
        return self.find_loaded(name)

    def find_loaded(self, name: str) -> TaskDefinition | None:
        """Do as ``find`` does, without loading anything: for the loader itself."""
        task = self._tasks.get(name)
        if task is not None:
            return task
        names = self._spellings.get(name, [])
        return self._tasks[names[0]] if len(names) == 1 else None

    def schedules(self) -> Iterator[tuple[TaskDefinition, ScheduleDefinition]]:
        """Iterate over all schedules with their tasks."""
        for task in self:
            for schedule in task.schedules:
                yield task, schedule

    def know_queues(self, names: Iterable[str]) -> None:
        """Note the queues that the project's routes and queue definitions name."""
        self._queues = frozenset(names)

    def queues(self) -> frozenset[str]:
        """Return the queues that the project's routes and queue definitions name."""
        self._load()
        return self._queues

    def note_unguarded(self, name: str) -> None:
        """Note a task that does not have Runbell's base class: its runs are recorded, but cannot be refused."""
        self._unguarded.append(name)

    def unguarded(self) -> list[str]:
        """Return the tasks that do not have Runbell's base class."""
        self._load()
        return sorted(set(self._unguarded))

    def report(self, problem: str) -> None:
        """Note a problem of the declarations, for the system checks: one sentence."""
        if problem not in self._problems:
            self._problems.append(problem)

    def problems(self) -> list[str]:
        """Return a sentence for each thing that is wrong with the declarations."""
        self._load()
        return list(self._problems)

    def __iter__(self) -> Iterator[TaskDefinition]:
        """Iterate over the tasks by category and name."""
        self._load()
        return iter(sorted(self._tasks.values(), key=lambda task: (task.category, task.name)))

    def __len__(self) -> int:
        self._load()
        return len(self._tasks)

    _loaded = False

    def _load(self) -> None:
        if self._loaded:
            return
        with self._lock:
            if not self._loaded and self._loader is not None:
                self._loader()
                self._loaded = True


catalog = Catalog()
"""The catalogue of this process."""
