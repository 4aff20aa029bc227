"""The dashboard: what stands on it now, and where it stands."""

from collections.abc import Sequence
from datetime import date, datetime

from core.rules.report import added
from core.store import findings, health, lists, pauses, stats
from core.store.db import Reader, Tx
from core.values.board import BoardView
from core.values.views import DayNumbers, Pause

ENTITY, ENTITY_ID = "board", 1
STOP = "stop"
WAITING = ("risk", "failed", "unknown", "manual", "short", "held")
"""States in which an order waits for a person, the most pressing first."""


async def read(reader: Reader, now: datetime, today: date, accounts: Sequence[int] | None = None) -> BoardView:
    """What the dashboard shows now: of all accounts, or of some with the pauses that hold them up."""
    counts = await lists.counts(reader, accounts)
    active = await pauses.read_active(reader, now)
    linked = await health.list_accounts(reader)
    return BoardView(
        stopped=any(pause.scope == STOP for pause in active),
        pauses=tuple(pause for pause in active if accounts is None or _holds(pause, accounts)),
        accounts=tuple((one.name, one.trouble) for one in linked if accounts is None or one.id in accounts),
        orders={name: n for name, n in counts.items() if name not in WAITING},
        waiting={name: counts[name] for name in WAITING if counts.get(name)},
        today=await _figures(reader, today, accounts),
        books=await findings.first_open(reader) or "ok",
    )


def _holds(pause: Pause, accounts: Sequence[int]) -> bool:
    """Whether a pause is for these accounts, or for all; that of a product or a conversation may be anybody's."""
    return pause.scope in (STOP, "all") or (pause.scope == "account" and pause.entity_id in accounts)


async def _figures(reader: Reader, today: date, accounts: Sequence[int] | None) -> DayNumbers:
    if accounts is None:
        return await stats.numbers(reader, today, today)
    found = await stats.by_account(reader, today, today)
    return added(today, today, [day for one in accounts for day in found.get(one, ())])


async def stands(reader: Reader) -> bool:
    """Whether a board stands anywhere."""
    return await reader.one("board.standing") is not None


def take_down(tx: Tx, chat: str) -> tuple[str, ...]:
    """Forget the boards of a chat; the messages they stood in."""
    rows = tx.all("board.of_chat", chat=chat)
    for row in rows:
        tx.run("copies.drop", id=row["id"])
    return tuple(row["message"] for row in rows)
