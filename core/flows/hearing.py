"""What is known when a buyer's burst is to be answered."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from core.clock import to_ms
from core.errors import ShopError
from core.flows.work import Work
from core.moves.items import product_for
from core.rules.replies import ChatFacts
from core.store import chats
from core.store import stock as shelf
from core.store.db import Tx
from core.values.chats import Chat, ChatMode, Said, Sender
from core.values.products import ItemRecord, Product

LONGEST_BURST = 100
"""So many messages are read at least: a burst is heard whole, however few of them the model is shown."""
READ_AGAIN = timedelta(days=1)
"""An item whose record tells nothing is read again after so long: its seller may have written something."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """A conversation, its history, and the facts a decision needs. `through` is the last message heard."""

    chat: Chat
    history: tuple[Said, ...]
    facts: ChatFacts
    through: int


async def hear(work: Work, chat_id: int) -> Hearing | None:
    """Load what is known; None when nothing waits for an answer (any more)."""
    reader = work.store.flows
    chat = await chats.read(reader, chat_id)
    history, paid = await asyncio.gather(
        chats.list_recent(reader, chat_id, max(work.config.replies.history, LONGEST_BURST)),
        reader.one("chats.orders_of_chat", account_id=chat.account_id, chat_no=chat.chat_no),
    )
    burst = tuple(said for said in history if said.sender is Sender.buyer and said.id > chat.answered_through)
    if not burst:
        await work.store.write(lambda tx: tx.run("chats.nothing_due", id=chat_id))
        return None
    facts = ChatFacts(
        now=work.now(),
        burst=burst,
        by_hand=chat.mode is ChatMode.human,
        product=await _find_product(work, chat),
        paid_order=bool(paid and paid["paid"]),
        shipped_order=bool(paid and paid["shipped"]),
        bargain_rounds=chat.bargain_rounds,
        model_on=work.model is not None,
        classify=work.config.ai.classify,
    )
    return Hearing(chat, history, facts, burst[-1].id)


async def _find_product(work: Work, chat: Chat) -> Product | None:
    """The product the conversation is about; an item nothing is known of is read from the platform, now and then."""
    if chat.item_id is None:
        return None
    reader, since = work.store.flows, to_ms(work.now() - READ_AGAIN)
    row = await reader.one("stock.product_of_item", account_id=chat.account_id, item_id=chat.item_id, since=since)
    known = await shelf.read_product(reader, row["product_id"]) if row is not None else None
    if row is not None and row["facts_known"]:
        return known
    try:
        record = await work.markets[chat.account].find_item(chat.item_id)
    except ShopError:
        return known
    return await work.store.write(lambda tx: _keep_item(tx, work, chat, record)) or known


def _keep_item(tx: Tx, work: Work, chat: Chat, record: ItemRecord | None) -> Product | None:
    """What was read, and when; the product, unless the platform knows no such item."""
    cause, product = work.cause(), None
    if record is not None:
        seen = record.item_id, "", record.title, record.price_fen
        product = product_for(tx, cause, chat.account_id, *seen, work.terms.products)
        told = {"facts": record.description, "price_fen": record.price_fen}
        tx.run("stock.tell_facts", id=product.id, now=cause.now_ms, **told)
    tx.run("stock.read_listing", account_id=chat.account_id, item_id=chat.item_id, now=cause.now_ms)
    return shelf.find_product(tx, product.id) if product is not None else None
