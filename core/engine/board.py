"""The dashboard: shown in a chat, and taken down again."""

from collections.abc import Sequence

from core.engine.context import Shop
from core.errors import NotFound, Refused
from core.moves import acts
from core.moves.cause import Cause
from core.store import board
from core.store.db import Tx
from core.values.board import BoardView
from core.values.people import Actor


class Board:
    """One dashboard a chat; it follows the shop at most once a minute (flows/board)."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def show(self, accounts: Sequence[int] | None = None) -> BoardView:
        """What stands on it now; of all accounts, or of some."""
        now = self._shop.now()
        return await board.read(self._shop.store.people, now, now.astimezone(self._shop.zone).date(), accounts)

    async def clear(self, actor: Actor) -> tuple[str, ...]:
        """Make room for a new one in the actor's chat; the messages of those before."""
        cause = self._shop.cause(actor)
        return await self._shop.store.write(lambda tx: _take_down(tx, cause, "board", actor.chat))

    async def remove(self, actor: Actor) -> tuple[str, ...]:
        """Take the actor's chat's dashboard down; its messages. NotFound("no_board")."""
        cause = self._shop.cause(actor)

        def work(tx: Tx) -> tuple[str, ...]:
            gone = _take_down(tx, cause, "board off", actor.chat)
            if not gone:
                raise NotFound("no_board")
            return gone

        return await self._shop.store.write(work)


def _take_down(tx: Tx, cause: Cause, verb: str, chat: str) -> tuple[str, ...]:
    """A request that is walked again after a crash is recorded once, and done again: it stands once all the same."""
    gone = board.take_down(tx, chat)
    try:
        acts.record(tx, cause, verb, "board", board.ENTITY_ID, before=len(gone))
    except Refused as error:
        if error.key != "done_before":
            raise
    return gone
