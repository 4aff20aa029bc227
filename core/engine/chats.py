"""People and buyers' conversations."""

import re
import unicodedata
from collections.abc import Sequence

from core.engine.context import Shop
from core.engine.orders import Orders
from core.errors import NotFound, Refused
from core.moves import acts, answers
from core.moves import chats as moves
from core.rules import guard
from core.rules.text import mask_key
from core.store import chats
from core.store.db import Tx
from core.values.chats import Chat, ChatMode, Said
from core.values.effects import EffectState
from core.values.ids import ChatId, OrderId
from core.values.people import Actor
from core.values.views import ChatLine, ChatView, Unsent

LONGEST_WORDS = 2000
OPEN_SHOWN = 20
LATEST_SHOWN = 12
LATEST_WITHIN = 1000
"""So many of the newest messages are looked through for the latest conversations."""


class Chats:
    """Conversations: looked at, taken over, answered by a person."""

    def __init__(self, shop: Shop, orders: Orders) -> None:
        self._shop = shop
        self._orders = orders
        self._reader = shop.store.people

    async def find(self, word: str) -> ChatId:
        """A conversation by "c7", by one of its orders ("#42") or by a part of the buyer's nick that only one has.

        Raises NotFound("no_such_chat") and Refused("ambiguous_chat").
        """
        plain = unicodedata.normalize("NFKC", word).strip()
        number = re.fullmatch(r"[cC]([0-9]{1,12})", plain)
        if number:
            return (await chats.read(self._reader, int(number[1]))).id
        if re.fullmatch(r"#?[0-9]+", plain):
            return await self._of_order(await self._orders.find(plain))
        rows = await self._reader.all("chats.by_nick", nick=plain[:40]) if plain else []
        if not rows:
            raise NotFound("no_such_chat", chat=word[:40])
        if len(rows) > 1:
            raise Refused("ambiguous_chat", chat=word[:40])
        return ChatId(rows[0]["id"])

    async def _of_order(self, order_id: OrderId) -> ChatId:
        order = (await self._orders.show(order_id)).order
        row = await self._reader.one("chats.by_no", account_id=order.account_id, chat_no=order.chat_no or "")
        if row is None:
            raise NotFound("no_such_chat", chat=f"#{order_id}")
        return ChatId(row["id"])

    async def show(self, chat_id: ChatId, limit: int = 12) -> ChatView:
        """A conversation with its newest messages; NotFound("no_such_chat")."""
        chat = await chats.read(self._reader, chat_id)
        said = await chats.list_recent(self._reader, chat_id, limit)
        orders = await self._reader.all("orders.ids_of_chat", account_id=chat.account_id, chat_no=chat.chat_no)
        keys = await self._keys_told(chat)
        return ChatView(
            id=chat.id,
            account=chat.account,
            chat_no=chat.chat_no,
            buyer_id=chat.buyer_id,
            buyer_nick=chat.nick,
            blocked_reason=chat.blocked_reason,
            item_id=chat.item_id,
            item_title=chat.item_title,
            mode=chat.mode.value,
            human_until=chat.human_until,
            taken_by=chat.taken_by,
            lines=tuple(_line(one, keys) for one in said),
            order_ids=tuple(OrderId(row["id"]) for row in orders),
            version=chat.version,
        )

    async def _keys_told(self, chat: Chat) -> tuple[str, ...]:
        """Every card key the buyer was ever given, in whichever conversation, longest first.

        They are masked wherever the conversation is shown (law 11): a buyer quotes an old one, or in another chat.
        """
        rows = await self._reader.all(
            "stock.keys_of_chat", account_id=chat.account_id, chat_no=chat.chat_no, buyer_id=chat.buyer_id
        )
        return tuple(sorted({self._reader.vault.text(row["secret"]) for row in rows}, key=len, reverse=True))

    async def list_open(self) -> tuple[ChatView, ...]:
        """Conversations a person holds, newest first."""
        rows = await self._reader.all("chats.human", most=OPEN_SHOWN)
        return tuple([await self.show(ChatId(row["id"]), limit=3) for row in rows])

    async def list_latest(self) -> tuple[ChatView, ...]:
        """Conversations in which somebody spoke last, newest first, each with its last words."""
        rows = await self._reader.all("chats.latest", within=LATEST_WITHIN, most=LATEST_SHOWN)
        return tuple([await self.show(ChatId(row["chat_id"]), limit=1) for row in rows])

    async def take_over(self, actor: Actor, chat_id: ChatId) -> ChatView:
        """A person answers from now on; idle minutes end it."""
        cause, terms = self._shop.cause(actor), self._shop.terms

        def work(tx: Tx) -> None:
            before = chats.find(tx, chat_id)
            moves.take_over(tx, cause, terms, chat_id, actor.name or actor.who)
            acts.record(tx, cause, "takeover", "chat", chat_id, before.mode, ChatMode.human)

        await self._shop.store.write(work)
        return await self.show(chat_id)

    async def done(self, actor: Actor, chat_id: ChatId) -> ChatView:
        """Automatic answers go on; Refused("not_taken_over")."""
        cause = self._shop.cause(actor)

        def work(tx: Tx) -> None:
            chats.find(tx, chat_id)
            if not moves.end_takeover(tx, cause, chat_id):
                raise Refused("not_taken_over", chat=chat_id)
            acts.record(tx, cause, "done", "chat", chat_id, ChatMode.human, ChatMode.auto)

        await self._shop.store.write(work)
        return await self.show(chat_id)

    async def say(self, actor: Actor, chat_id: ChatId, text: str, message: str | None = None) -> tuple[str, ...]:
        """A person's own words to a buyer, which also take the chat over; what the guard would have said of them.

        `message` is the person's own, which gets a sign when the platform took it. An owner's own words are warned
        about, never stopped (law 6). Refused("empty_text", "text_too_long").
        """
        words = text.strip()
        if not words or len(words) > LONGEST_WORDS:
            raise Refused("text_too_long" if words else "empty_text", limit=LONGEST_WORDS)
        cause, terms = self._shop.cause(actor), self._shop.terms

        def work(tx: Tx) -> None:
            chat = chats.find(tx, chat_id)
            moves.take_over(tx, cause, terms, chat_id, actor.name or actor.who)
            answers.say(tx, cause, chat, words, message)
            acts.record(tx, cause, "say", "chat", chat_id, "", f"{len(words)} characters")

        await self._shop.store.write(work)
        return tuple(sorted(kind.value for kind in guard.warn(words).kinds))

    async def find_unsent(self, chat_id: ChatId) -> Unsent | None:
        """A person's newest words to a buyer that did not go out, or of which nobody knows."""
        row = await self._reader.one("outbox.unsent", chat_id=chat_id)
        if row is None:
            return None
        keys = await self._keys_told(await chats.read(self._reader, chat_id))
        text = _masked(self._reader.vault.text(row["body"]), keys) if row["body"] is not None else ""
        return Unsent(id=row["id"], text=text, in_doubt=row["state"] == EffectState.unknown)

    async def resend(self, actor: Actor, outbox_id: int, choice: str) -> ChatView:
        """What becomes of such words: `again`, `sent` or `give_up`. NotFound, Refused("nothing_to_resend")."""
        cause = self._shop.cause(actor)
        return await self.show(await self._shop.store.write(lambda tx: answers.resend(tx, cause, outbox_id, choice)))

    async def is_said(self, room: str, message: str) -> bool:
        """Whether a message of the owner's people became words to a buyer: an edit of it changes nothing there."""
        return await self._reader.one("replies.of_message", chat=room, message=message) is not None


def _line(said: Said, keys: Sequence[str]) -> ChatLine:
    return ChatLine(sender=said.sender.value, text=_masked(said.text, keys), at=said.sent_at, by=said.by)


def _masked(text: str, keys: Sequence[str]) -> str:
    for key in keys:
        text = text.replace(key, mask_key(key))
    return text
