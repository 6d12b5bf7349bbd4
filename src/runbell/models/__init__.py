"""Fields and constraints, nothing else. Only ``ledger`` writes them, only ``queries`` reads them."""

from runbell.models.audit import AuditEntry, AuditHead
from runbell.models.backlog import BacklogSample
from runbell.models.broker import Broker
from runbell.models.event import Event
from runbell.models.logline import LogLine
from runbell.models.pause import Pause
from runbell.models.run import Run
from runbell.models.schedule import Schedule
from runbell.models.ticker import TickerSpan
from runbell.models.token import ApiToken
from runbell.models.worker import Worker

__all__ = [
    "ApiToken",
    "AuditEntry",
    "AuditHead",
    "BacklogSample",
    "Broker",
    "Event",
    "LogLine",
    "Pause",
    "Run",
    "Schedule",
    "TickerSpan",
    "Worker",
]
