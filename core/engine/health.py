"""How the shop is."""

from datetime import datetime

from core.engine.context import Shop
from core.moves.notices import tell
from core.store import findings, health, pauses
from core.values.health import Health as Shown
from core.values.notices import NoticeKind
from core.values.people import SHOP
from core.values.vitals import Remark, Vitals

HOUR_MS = 3_600_000
ONLINE = "online"
CONNECTING = "connecting"
"""The trouble of a front that was not heard since the start; any other one says more."""


class Health:
    """What is late, what is full, what is broken."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._remarks: dict[tuple[str, str, str], Remark] = {}
        self._heard_at: dict[str, datetime] = {}
        self._still = False

    def stand_still(self) -> None:
        """No shop runs: what a process that is gone said of its life is not said again."""
        self._still = True

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What the fronts of this process have to say of themselves; it goes into every sign of life."""
        return tuple(self._remarks.values())

    @property
    def heard_at(self) -> dict[str, datetime]:
        """When each front of this process last reached its platform, in shop time."""
        return dict(self._heard_at)

    def expect(self, front: str) -> None:
        """A front is about to connect: until it was heard it is not well."""
        self.note(front, CONNECTING)

    def hear(self, front: str) -> None:
        """A front reached its platform."""
        self._heard_at[front] = self._shop.now()
        self.clear(front, CONNECTING)

    def note(self, front: str, key: str, about: str = "", detail: str = "") -> None:
        """A front has a trouble; the same one again keeps its beginning."""
        known = self._remarks.get((front, key, about))
        since_at = known.since_at if known is not None else self._shop.now()
        self.clear(front, CONNECTING)
        self._remarks[(front, key, about)] = Remark(front=front, key=key, about=about, detail=detail, since_at=since_at)

    def clear(self, front: str, key: str, about: str | None = None) -> bool:
        """A trouble is over (about everything, when `about` is not given); False when there was none."""
        gone = [one for one in self._remarks if one[:2] == (front, key) and about in (None, one[2])]
        for one in gone:
            del self._remarks[one]
        return bool(gone)

    async def alert(self, front: str, key: str) -> None:
        """Tell the owner of a front's trouble, by whatever chat still works; once an hour."""
        cause = self._shop.cause(SHOP)
        once = f"{front}:{key}:{cause.now_ms // HOUR_MS}"
        kind = NoticeKind.front_trouble
        await self._shop.store.write(lambda tx: tell(tx, cause, kind, "shop", 1, once=once, detail=key))

    async def show(self) -> Shown:
        """The whole picture; of a shop that stands still, what is true without one that runs."""
        shown = await self._read()
        if not self._still:
            return shown
        offline = {"state": "offline"}
        accounts = tuple(one.model_copy(update=offline) if one.state == ONLINE else one for one in shown.accounts)
        gone: dict[str, object] = {"children": {}, "model": "off", "remarks": (), "heard_at": {}, "stall": None}
        return shown.model_copy(update={**gone, "accounts": accounts, "is_running": False})

    async def _read(self) -> Shown:
        """Read from the file: true also when asked from another process."""
        reader, now, limits = self._shop.store.people, self._shop.now(), self._shop.config.limits
        beat = await health.heartbeat(reader)
        vitals = beat.vitals if beat else Vitals()
        here = bool(self._remarks or self._heard_at)  # its fronts run in this process: they say how they are now
        notices, oldest_notice_s = await health.backlog(reader, "notices", now)
        outbox, outbox_late_s = await health.backlog(reader, "outbox", now)
        odd = await health.counts(reader, "odd", now)
        return Shown(
            version=beat.version if beat else "",
            started_at=beat.started_at if beat else now,
            heartbeat_at=beat.at if beat else None,
            accounts=await health.list_lines(reader, vitals, now),
            children=vitals.children,
            chat_backlog=(await health.backlog(reader, "chats", now))[0],
            chat_limit=limits.chat_queue,
            order_backlog=(await health.backlog(reader, "records", now))[0],
            order_limit=limits.order_queue,
            notice_backlog=notices,
            notices_failed=odd["notices_failed"],
            notice_limit=limits.notice_queue,
            oldest_notice_s=oldest_notice_s,
            outbox_waiting=outbox,
            outbox_late_s=outbox_late_s,
            unknown=(await health.backlog(reader, "unknown", now))[0],
            quarantined=odd["quarantined"],
            unknown_records=odd["unknown_records"],
            model=vitals.model,
            books=await findings.first_open(reader) or "ok",
            books_checked_at=vitals.books_checked_at,
            remarks=self.remarks if here else vitals.remarks,
            heard_at=self.heard_at if here else vitals.heard_at,
            stall=vitals.stall,
            paused=await pauses.read_active(reader, now),
        )
