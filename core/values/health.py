"""How the shop is, as /health shows it."""

from datetime import datetime

from pydantic import Field

from core.values import Value
from core.values.views import AccountHealth, Pause
from core.values.vitals import Remark, Stall


class Health(Value):
    """How the shop is: what is late, what is full, what is broken."""

    version: str
    started_at: datetime
    heartbeat_at: datetime | None
    is_running: bool = True
    """Whether a shop runs on the file."""
    accounts: tuple[AccountHealth, ...]
    children: dict[str, str]
    """Supervised loops by name: "ok", or the last error and how often it restarted."""
    chat_backlog: int
    chat_limit: int
    order_backlog: int
    order_limit: int
    notice_backlog: int
    notices_failed: int = 0
    """Never shown to anybody: given up after errors."""
    notice_limit: int
    oldest_notice_s: float | None
    outbox_waiting: int
    outbox_late_s: float | None
    unknown: int
    quarantined: int
    unknown_records: int
    model: str
    """off, ok, or the last error."""
    books: str
    """ok, or the first wrong row; when it was last checked."""
    books_checked_at: datetime | None = None
    paused: tuple[Pause, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """Troubles of the fronts."""
    heard_at: dict[str, datetime] = Field(default_factory=dict)
    """When each front last reached its platform."""
    stall: Stall | None = None
