"""How the owner is told: loudness, quiet hours, places, mutes, and the log of what was told."""

from collections.abc import Callable
from datetime import datetime

from core.engine.context import Shop
from core.errors import NotFound
from core.moves import telling as moves
from core.moves.cause import Cause
from core.rules import telling as rules
from core.store import telling
from core.store.db import Tx
from core.values.notices import NoticeKind
from core.values.people import Actor
from core.values.telling import (
    Choices,
    Delivery,
    Event,
    EventView,
    KindLevel,
    Level,
    Mute,
    NotifyView,
    QuietHours,
    Route,
)

LOG_SHOWN = 20


class Telling:
    """What the owner chose, and what became of it."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def show(self) -> NotifyView:
        """How every event is told."""
        chosen = await telling.choices(self._shop.store.people)
        return NotifyView(
            events=tuple(_event(event, chosen) for event in Event), quiet=chosen.quiet, mutes=chosen.mutes
        )

    async def set_level(self, actor: Actor, word: str, level: Level) -> NotifyView:
        """How loudly an event or a kind is told; Refused("never_off") for what must not be missed (laws 9, 10)."""
        return await self._act(actor, lambda tx, cause: moves.set_level(tx, cause, word, level))

    async def set_quiet(self, actor: Actor, hours: QuietHours | None) -> NotifyView:
        """Hours without a sound, but for money and the emergency stop."""
        return await self._act(actor, lambda tx, cause: moves.set_quiet(tx, cause, hours))

    async def set_route(self, actor: Actor, event: Event, route: Route | None) -> NotifyView:
        """Tell an event in a chat (and a topic of it) first; None: where everything else goes."""
        return await self._act(actor, lambda tx, cause: moves.set_route(tx, cause, event.value, route))

    async def drop_topic(self, chat: str, topic: str) -> None:
        """A front found a topic gone: what went there goes to the chat's main one."""
        await self._shop.store.write(lambda tx: tx.run("telling.drop_topic", chat=chat, topic=topic))

    async def mute(
        self, actor: Actor, scope: str, word: str, entity_id: int, until: datetime | None, times: int | None
    ) -> NotifyView:
        """Count instead of show: until an instant, or so many times. What must not be missed is shown silently."""
        return await self._act(actor, lambda tx, cause: _muted(tx, cause, scope, word, entity_id, until, times))

    async def unmute(self, actor: Actor, mute_id: int) -> tuple[Mute, dict[NoticeKind, int]]:
        """End a mute; the mute, and what it counted by kind. NotFound("no_such_mute")."""
        cause = self._shop.cause(actor)
        await self._shop.store.write(lambda tx: moves.unmute(tx, cause, mute_id))
        return await self.mute_over(mute_id)

    async def mute_over(self, mute_id: int) -> tuple[Mute, dict[NoticeKind, int]]:
        """A mute, on or over, and what it counted by kind; NotFound("no_such_mute")."""
        found = await telling.find_mute(self._shop.store.people, mute_id)
        if found is None:
            raise NotFound("no_such_mute", mute=mute_id)
        return found, await telling.muted_kinds(self._shop.store.people, mute_id)

    async def test(self, actor: Actor, event: Event) -> None:
        """Show a sample of an event where and as loudly as it would be told."""
        cause = self._shop.cause(actor)
        await self._shop.store.write(lambda tx: moves.sample(tx, cause, event.value))

    async def log(self, most: int = LOG_SHOWN) -> tuple[Delivery, ...]:
        """What was told last and what became of it, newest first."""
        return await telling.log(self._shop.store.people, most)

    async def log_of(self, scope: str, entity_id: int, most: int = LOG_SHOWN) -> tuple[Delivery, ...]:
        """What a `mute` or a `digest` (a notice's id) counted, newest first."""
        return await telling.log_of(self._shop.store.people, scope, entity_id, most)

    async def _act(self, actor: Actor, work: Callable[[Tx, Cause], None]) -> NotifyView:
        cause = self._shop.cause(actor)
        await self._shop.store.write(lambda tx: work(tx, cause))
        return await self.show()


def _muted(
    tx: Tx, cause: Cause, scope: str, word: str, entity_id: int, until: datetime | None, times: int | None
) -> None:
    moves.mute(tx, cause, scope, word, entity_id, until, times)


def _event(event: Event, chosen: Choices) -> EventView:
    kinds = rules.kinds_of(event)
    return EventView(
        event=event,
        level=chosen.levels.get(event.value, Level.on),
        fixed=not rules.may_be_off(event.value),
        route=chosen.routes.get(event.value),
        kinds=tuple(
            KindLevel(kind=k, level=rules.level_of(k, chosen.levels), fixed=k in rules.NEVER_OFF) for k in kinds
        ),
    )
