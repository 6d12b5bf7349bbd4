"""Wire types of the two questions that load balancers ask."""

from __future__ import annotations

from pydantic import Field

from runbell.api.schemas.common import Wire


class Alive(Wire):
    """The process answers."""

    status: str = Field(description="Always `ok`.")


class Ready(Wire):
    """The process answers, and so does what it needs."""

    status: str = Field(description="Always `ok`.")
    checks: dict[str, str] = Field(description="`database` and `broker`: `ok` or `unreachable`.")
