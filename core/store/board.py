"""The dashboard: what stands on it now, and where it stands."""

from datetime import date, datetime

from core.store import findings, health, lists, pauses, stats
from core.store.db import Reader, Tx
from core.values.board import BoardView

ENTITY, ENTITY_ID = "board", 1
STOP = "stop"
WAITING = ("risk", "failed", "unknown", "manual", "short", "held")
"""States in which an order waits for a person, the most pressing first."""


async def read(reader: Reader, now: datetime, today: date) -> BoardView:
    """What the dashboard shows now."""
    counts = await lists.counts(reader)
    active = await pauses.read_active(reader, now)
    return BoardView(
        stopped=any(pause.scope == STOP for pause in active),
        pauses=active,
        accounts=tuple((account.name, account.trouble) for account in await health.list_accounts(reader)),
        orders={name: n for name, n in counts.items() if name not in WAITING},
        waiting={name: counts[name] for name in WAITING if counts.get(name)},
        today=await stats.numbers(reader, today, today),
        books=await findings.first_open(reader) or "ok",
    )


async def stands(reader: Reader) -> bool:
    """Whether a board stands anywhere."""
    return await reader.one("board.standing") is not None


def take_down(tx: Tx, chat: str) -> tuple[str, ...]:
    """Forget the boards of a chat; the messages they stood in."""
    rows = tx.all("board.of_chat", chat=chat)
    for row in rows:
        tx.run("copies.drop", id=row["id"])
    return tuple(row["message"] for row in rows)
