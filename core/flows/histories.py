"""Histories: what was said in an account's conversations while it was away takes the same way as pushes (law 1)."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from core.errors import Refused
from core.flows.ingest import Ingest
from core.flows.work import Work
from core.moves import foreign
from core.outside.ports import Market
from core.store.db import Tx
from core.values.ids import AccountId, ChatNo
from core.values.market import Conversation
from core.values.people import PLATFORM

log = logging.getLogger(__name__)


class Histories:
    """Reads them. What the platform will not show keeps no order of the account waiting."""

    def __init__(self, work: Work, ingest: Ingest) -> None:
        self._work = work
        self._ingest = ingest
        self._refused: defaultdict[str, set[ChatNo]] = defaultdict(set)
        """Conversations of an account that were refused the last time."""

    async def read(self, market: Market, account_id: AccountId, since: datetime) -> bool:
        """Read what changed since; False while a conversation was refused once and is to be asked for again."""
        listed = await market.list_conversations(since)
        foreign_chats = await self._keep_sides(account_id, listed)
        wanted = [one.chat_no for one in listed if one.chat_no not in foreign_chats]
        refused = {chat_no for chat_no in wanted if not await self._hear(market, chat_no, since)}
        again = refused - self._refused[market.account]
        self._refused[market.account] = refused
        return not again

    async def _hear(self, market: Market, chat_no: ChatNo, since: datetime) -> bool:
        """False when the platform refused; errors that pass end the whole look."""
        try:
            found = await market.list_history(chat_no, since)
        except Refused as error:
            log.warning("%s: a conversation is not shown: %s", market.account, error)
            return False
        if found:
            await self._ingest.arrived(market.account, found)
        return True

    async def _keep_sides(self, account_id: AccountId, listed: Sequence[Conversation]) -> set[ChatNo]:
        """Conversations about what somebody else sells: they are read no further."""
        cause, theirs = self._work.cause(actor=PLATFORM), [one for one in listed if one.buyer_user_id is None]

        def work(tx: Tx) -> set[ChatNo]:
            for one in theirs:
                foreign.keep_foreign(tx, cause, account_id, one.chat_no)
            return {one.chat_no for one in theirs if foreign.is_foreign_chat(tx, account_id, one.chat_no)}

        return await self._work.store.write(work) if theirs else set()
