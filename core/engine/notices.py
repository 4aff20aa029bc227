"""What the shop tells its owner, and the cards that stand in the chats."""

from core.clock import to_ms
from core.engine.context import Shop
from core.errors import NotFound
from core.store import copies, findings, health, notices
from core.values.counter import Copy
from core.values.notices import Notice, NoticeKind
from core.values.views import AccountHealth


class Notices:
    """Notices by id, and the copies of cards that follow their thing."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def find(self, notice_id: int) -> Notice:
        """One notice; NotFound("no_such_notice")."""
        found = await notices.find(self._shop.store.people, notice_id)
        if found is None:
            raise NotFound("no_such_notice", notice=notice_id)
        return found

    async def keep_copy(
        self, chat: str, message: str, kind: NoticeKind, entity: str, entity_id: int, version: int
    ) -> None:
        """A card of this version stands in a chat as this message (a new one, or an edited one)."""
        now_ms = to_ms(self._shop.now())
        await self._shop.store.write(
            lambda tx: copies.keep(tx, now_ms, chat, message, kind, entity, entity_id, version)
        )

    async def drop_copy(self, copy_id: int) -> None:
        """The message is gone from its chat: nothing is left to redraw."""
        await self._shop.store.write(lambda tx: copies.drop(tx, copy_id))

    async def list_copies(self, entity: str, entity_id: int) -> tuple[Copy, ...]:
        """The cards that show a thing, oldest first."""
        return await copies.list_of(self._shop.store.people, entity, entity_id)

    async def find_copy(self, copy_id: int) -> Copy | None:
        """One card; a redraw notice's `detail` is its id."""
        return await copies.find(self._shop.store.people, copy_id)

    async def find_shown(self, chat: str, message: str) -> Copy | None:
        """The card that stands in a chat as this message: what a reply to it is about."""
        return await copies.find_shown(self._shop.store.people, chat, message)

    async def finding(self, finding_id: int) -> str:
        """A wrong row in words, for the card about it."""
        return await findings.read(self._shop.store.people, finding_id)

    async def account(self, account_id: int) -> AccountHealth:
        """One account's link and how its calls are; NotFound("no_such_account")."""
        reader = self._shop.store.people
        found, beat = await health.find_account(reader, account_id), await health.heartbeat(reader)
        if found is None:
            raise NotFound("no_such_account", account=account_id)
        line = beat.vitals.lines.get(found.name) if beat else None
        return found.model_copy(update={"line": line}) if line is not None else found

    async def shop_ready(self) -> dict[str, object]:
        """Facts of the ready card: how long it was away, what waits, how much is set up (CFG-011, CFG-013)."""
        reader, now = self._shop.store.people, self._shop.now()
        beat = await health.heartbeat(reader)
        return {
            "version": beat.version if beat else "",
            "former": beat.vitals.former if beat else "",
            "away_s": beat.vitals.away_s if beat else None,
            "accounts": len(await health.list_accounts(reader)),
            "chats_waiting": (await health.backlog(reader, "chats", now))[0],
            **await health.counts(reader, "away", now),
        }
