"""How the shop is."""

from core.engine.context import Shop
from core.store import findings, health, pauses
from core.values.views import Health as Shown
from core.values.vitals import Vitals


class Health:
    """What is late, what is full, what is broken."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def show(self) -> Shown:
        """The whole picture, read from the file: true also when asked from another process."""
        reader, now, limits = self._shop.store.people, self._shop.now(), self._shop.config.limits
        beat = await health.heartbeat(reader)
        vitals = beat.vitals if beat else Vitals()
        notices, oldest_notice_s = await health.backlog(reader, "notices", now)
        outbox, outbox_late_s = await health.backlog(reader, "outbox", now)
        odd = await health.counts(reader, "odd", now)
        return Shown(
            version=beat.version if beat else "",
            started_at=beat.started_at if beat else now,
            heartbeat_at=beat.at if beat else None,
            accounts=await health.list_accounts(reader),
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
            paused=await pauses.read_active(reader, now),
        )
