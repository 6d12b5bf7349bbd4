"""The rows that the ledger hands out. An action reads them; it never saves one."""

from runbell.models import ApiToken, Pause, Run, Schedule

__all__ = ["ApiToken", "Pause", "Run", "Schedule"]
