"""Board: the dashboards in the owner's chats follow the shop, at most once a minute and only when something changed."""

from datetime import datetime, timedelta

from core.flows.work import Work
from core.moves.notices import redraw
from core.store import board
from core.values.board import BoardView

EVERY_S = 60.0
"""Real seconds between two edits: a group takes twenty messages a minute, and the dashboard comes last."""


class Board:
    """Looks once a minute."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._shown: BoardView | None = None
        self._look_at = work.now()

    async def step(self) -> bool:
        """Let every copy be drawn again when the shop is not as it was; whether it is."""
        now = self._work.now()
        if now < self._look_at:
            return False
        self._look_at = now + timedelta(seconds=self._work.clock.shop_s(EVERY_S))
        reader = self._work.store.flows
        if not await board.stands(reader):
            return False
        view = await board.read(reader, now, now.astimezone(self._work.zone).date())
        if view == self._shown:
            return False
        cause = self._work.cause()
        await self._work.store.write(lambda tx: redraw(tx, cause, board.ENTITY, board.ENTITY_ID, cause.now_ms))
        self._shown = view
        return True

    async def next_at(self) -> datetime | None:
        """When it looks again."""
        return self._look_at
