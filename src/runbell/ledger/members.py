"""Who waits for a group insert: a thread that sleeps meanwhile, or a caller that is called back."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from runbell.ledger.opening import Opening


class Member(ABC):
    """An opening that waits for its group."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening

    @abstractmethod
    def succeed(self, key: int) -> None:
        """Take it that the rows are there to stay."""

    @abstractmethod
    def fail(self, error: BaseException) -> None:
        """Take it that they are not, and why."""

    @abstractmethod
    def wake(self) -> None:
        """Go on: it is done, or the next group is to be led."""


class Sleeper(Member):
    """One whose thread sleeps meanwhile.

    Args:
        opening: the rows.
        committed: called once when they are there to stay, by whichever thread brought them there.
    """

    def __init__(self, opening: Opening, committed: Callable[[], None] | None) -> None:
        super().__init__(opening)
        self.done = False
        self._committed = committed
        self._key = 0
        self._error: BaseException | None = None
        self._turn = threading.Lock()
        self._turn.acquire()

    def succeed(self, key: int) -> None:
        """Tell whom it concerns at once: its own thread may take a while to wake."""
        self.done, self._key = True, key
        if self._committed is not None:
            try:
                self._committed()
            except Exception as error:  # noqa: BLE001 (it is its own thread's, not that of who leads the group)
                self._error = error

    def fail(self, error: BaseException) -> None:
        self.done, self._error = True, error

    def sleep(self) -> None:
        self._turn.acquire()

    def wake(self) -> None:
        self._turn.release()

    def result(self) -> int:
        if self._error is not None:
            raise self._error
        if not self.done:
            raise RuntimeError("the group went on without this run")
        return self._key


class Caller(Member):
    """One that goes on and is called back.

    Args:
        opening: the rows.
        committed: called once when they are there to stay.
        failed: called instead of it, with the reason.
        lead: has another thread lead the next group in its place.
    """

    def __init__(
        self,
        opening: Opening,
        committed: Callable[[], None],
        failed: Callable[[BaseException], None],
        lead: Callable[[], None],
    ) -> None:
        super().__init__(opening)
        self._committed, self._failed, self._lead = committed, failed, lead
        self._done = False

    def succeed(self, key: int) -> None:  # noqa: ARG002 (nobody asks it for the key)
        self._done = True
        try:
            self._committed()
        except Exception as error:  # noqa: BLE001 (it is the caller's, not that of who leads the group)
            self._failed(error)

    def fail(self, error: BaseException) -> None:
        self._done = True
        self._failed(error)

    def wake(self) -> None:
        """Have the group led, if it is this one's turn to see to that."""
        if not self._done:
            self._lead()
