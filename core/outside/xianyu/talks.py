"""What an account says and reads over its socket: send, open a chat, list conversations and history (facts: RPC)."""

from datetime import datetime

from aiolimiter import AsyncLimiter

from core.clock import Clock, from_ms, to_ms
from core.errors import MarketDown, Unknown
from core.outside.xianyu import lwp
from core.outside.xianyu.connection import Connection
from core.outside.xianyu.conversations import chat_of_reply, conversations_of, message_of, oldest_ms
from core.outside.xianyu.fields import Fields, fields_at, instant_ms_at, number_at, text_at
from core.outside.xianyu.history import push_records
from core.outside.xianyu.login import Login
from core.outside.xianyu.records import records_of_history
from core.outside.xianyu.replies import error_of_reply
from core.outside.xianyu.times import WireTimes
from core.values.ids import ChatNo, ItemId, UserId
from core.values.market import ChatMessage, Conversation, MarketRecord

_PAGE, _HISTORY_PAGE, _MOST_PAGES = 50, 100, 40


class Talks:
    """One account's conversations."""

    def __init__(
        self, connection: Connection, login: Login, reads: AsyncLimiter, clock: Clock, times: WireTimes
    ) -> None:
        self._connection = connection
        self._login = login
        self._reads = reads
        self._clock = clock
        self._times = times

    async def send_text(self, chat_no: ChatNo, to: UserId, text: str) -> str:
        """Say something; the platform's message id. Refused with the platform's words, Unknown without an answer."""
        body = lwp.send_body(chat_no, to, self._login.user_id, text, to_ms(self._clock.now()))
        said = await self._ask(lwp.SEND, body, effect=True)
        message_id = text_at(said, "messageId") or text_at(said, "1")
        if message_id is None:
            raise Unknown("market_unknown", reason="accepted without a message id")
        return message_id

    async def open_chat(self, buyer: UserId, item_id: ItemId) -> ChatNo:
        """Create or find the conversation with a buyer about an item: asking twice gives the same one."""
        chat = chat_of_reply(await self._ask(lwp.CREATE_CHAT, lwp.create_body(buyer, self._login.user_id, item_id)))
        if chat is None:
            raise MarketDown("market_down", reason="no conversation in the answer")
        return chat

    async def list_conversations(self, since: datetime) -> tuple[Conversation, ...]:
        """Conversations changed since an instant, newest first."""
        found: dict[str, Conversation] = {}
        cursor: int | None = lwp.FROM_NEWEST
        for _ in range(_MOST_PAGES):
            body = await self._ask(lwp.LIST_CONVERSATIONS, [cursor, _PAGE])
            page = conversations_of(body, self._login.user_id)
            found |= {one.chat_no: one for one in page if one.changed_at >= since}
            cursor = _next_cursor(body, oldest_ms(body), since)
            if cursor is None:
                break
        return tuple(found.values())

    async def list_messages(self, chat_no: ChatNo, since: datetime) -> tuple[ChatMessage, ...]:
        """A conversation's messages since an instant, oldest first."""
        found = [message_of(push) for push in await self._history(chat_no, since)]
        return tuple(message for message in found if message is not None)

    async def list_history(self, chat_no: ChatNo, since: datetime) -> tuple[MarketRecord, ...]:
        """The same as records, named as their pushes are named."""
        return tuple(records_of_history(await self._history(chat_no, since), self._login.user_id))

    async def _history(self, chat_no: ChatNo, since: datetime) -> list[Fields]:
        found: list[Fields] = []
        cursor: int | None = lwp.FROM_NEWEST
        for _ in range(_MOST_PAGES):
            body = await self._ask(lwp.LIST_MESSAGES, lwp.history_body(chat_no, cursor or 0, _HISTORY_PAGE))
            page = push_records(body)
            found += [push for push in page if _sent_ms(push) >= to_ms(since)]
            cursor = _next_cursor(body, _sent_ms(page[-1]) if page else None, since)
            if cursor is None:
                break
        return found[::-1]

    async def _ask(self, path: str, body: object, *, effect: bool = False) -> Fields:
        """The body of an accepted reply.

        What flow control refused raises Busy and is not waited for here: a refund or a stop may come meanwhile, so
        whoever sends looks again before the next try (law 4).
        """
        if not effect:
            await self._reads.acquire()
        reply = await self._connection.line.ask(path, body, self._times.answer_s, effect=effect)
        error = error_of_reply(reply, effect=effect, busy_s=self._times.busy_s)
        if error is not None:
            raise error
        return fields_at(reply, "body")


def _next_cursor(body: Fields, oldest: int | None, since: datetime) -> int | None:
    """Where the next page begins; None when this was the last one that matters."""
    cursor = number_at(body, "nextCursor")
    if not body.get("hasMore") or not cursor or oldest is None or from_ms(oldest) < since:
        return None
    return cursor


def _sent_ms(push: Fields) -> int:
    return instant_ms_at(fields_at(push, "1"), "5") or 0
