"""What is said: by buyers, by the shop, by the seller's own hand, and by the platform itself."""

from dataclasses import replace

import orjson

from core.sandbox.cards import Card, buyers_view, card_content, card_extension
from core.sandbox.frames import (
    arouse_record,
    chat_extension,
    message_record,
    notice_record,
    receipt_record,
    tip_content,
    tip_extension,
    typing_record,
)
from core.sandbox.lines import Lines
from core.sandbox.market import Market, Refusal
from core.sandbox.things import Account, Buyer, Chat, Json, Message, Order
from core.sandbox.variants import operation_record
from core.sandbox.wire import WireRecord

SUMMARIES = {2: "[图片]", 7: "[宝贝]"}
"""What a line shows in place of its content, by type."""
NO_ITEM = "FAIL_BIZ_ITEM_NOT_FOUND::宝贝不存在"


class Talks:
    """Every line of every chat begins here: it enters history first and is pushed second."""

    def __init__(self, market: Market, lines: Lines) -> None:
        self._market = market
        self._lines = lines

    def chat(self, account: Account, buyer: Buyer, item_id: str) -> Chat:
        """The chat of a buyer about an item; a new one is announced with the item's map."""
        item = self._market.items.get(item_id)
        if item is None or item.account != account.name:
            raise Refusal(NO_ITEM)
        known = self._market.find_chat(account.name, buyer.buyer_id, item_id)
        if known is not None:
            return known
        chat = self._market.add_chat(account.name, buyer.buyer_id, item_id)
        self.both(chat, arouse_record(chat, item, account, self._market.now_ms()))
        return chat

    def both(self, chat: Chat, *records: WireRecord) -> None:
        """Push the same records to the seller, and to a buyer who is a seller elsewhere."""
        self._lines.deliver(self._market.accounts[chat.account], *records)
        if (theirs := self._market.account_of(chat.buyer_id)) is not None:
            self._lines.deliver(theirs, *records)

    def line(self, chat: Chat, sender_id: str, content: Json, platform: str) -> Message:
        """Keep a line somebody typed."""
        text = content["text"]["text"] if content["contentType"] == 1 else SUMMARIES[content["contentType"]]
        account = self._market.accounts[chat.account]
        buyer = self._market.buyers.get(sender_id)
        nick, message_id = buyer.nick if buyer else account.name, self._market.ids.message()
        extension = chat_extension(chat, sender_id, nick, text, message_id, platform)
        message = Message(
            self._market.ids.pnm(), message_id, chat.chat_id, sender_id, text, content, extension, 0, user_typed=True
        )
        self._market.add_message(chat, message)
        return message

    def record(self, message: Message, kind: str, receiver: object = 0) -> WireRecord:
        """The push record of a line."""
        nested = self._market.faults.strikes("nested_shape", kind) is not None
        content_json = orjson.dumps(message.content).decode()
        return message_record(message, kind, content_json, receiver, nested=nested)

    def say(self, chat: Chat, content: Json, *, operation: bool = False) -> Message:
        """A buyer types, sends a picture or shows an item: typing, the line with its notice, receipts for what was
        unread. `operation`: the line travels in the base64 JSON family.
        """
        account = self._market.accounts[chat.account]
        self._read_by_buyer(account, chat)
        self._lines.deliver(account, typing_record(chat, account))
        message = self.line(chat, chat.buyer_id, content, "android")
        self._market.note(
            "buyer_said",
            account=chat.account,
            chat_id=chat.chat_id,
            buyer_id=chat.buyer_id,
            text=message.text,
            message_id=message.message_id,
            pnm_id=message.pnm_id,
        )
        notice = notice_record(chat, message.pnm_id, message.created_ms)
        buyer = self._market.buyers[chat.buyer_id]
        record = operation_record(message, buyer.nick) if operation else self.record(message, "message")
        self._lines.deliver(account, record, notice)
        if (theirs := self._market.account_of(chat.buyer_id)) is not None:
            self._lines.deliver(theirs, self.record(message, "echo", f"{theirs.unb}@goofish"))
        return message

    def _read_by_buyer(self, account: Account, chat: Chat) -> None:
        unread = [one for one in chat.messages if one.sender_id == account.unb and not one.read]
        for message in unread:
            message.read = True
        if unread:
            pnm_ids = [message.pnm_id for message in unread]
            self._lines.deliver(account, receipt_record(chat, pnm_ids, self._market.now_ms()))

    def own(self, chat: Chat, content: Json, kind: str, platform: str) -> Message:
        """The seller's side says something: `sent` through the socket or `typed` in the app; it echoes back."""
        account = self._market.accounts[chat.account]
        message = self.line(chat, account.unb, content, platform)
        self._market.note(
            kind,
            account=chat.account,
            chat_id=chat.chat_id,
            buyer_id=chat.buyer_id,
            text=message.text,
            message_id=message.message_id,
            pnm_id=message.pnm_id,
        )
        self._lines.deliver(account, self.record(message, "echo", f"{account.unb}@goofish"))
        if (theirs := self._market.account_of(chat.buyer_id)) is not None:
            self._lines.deliver(theirs, self.record(message, "message"))
        return message

    def tip(self, order: Order, text: str, detail: str) -> None:
        """The platform says something in the chat; it names no order."""
        self.platform_line(order, tip_content(text), text, detail, "tip")

    def platform_line(self, order: Order, content: Json, text: str, detail: str, kind: str) -> None:
        """A line of the platform's own in an order's chat, whatever its type."""
        chat, account = self._market.chats[order.chat_id], self._market.accounts[order.account]
        message_id = self._market.ids.message()
        extension = tip_extension(chat, account, text, detail, message_id, content["contentType"])
        self._platform_line(chat, text, content, extension, message_id, kind)

    def card(self, order: Order, card: Card) -> Message:
        """An order card appears in the chat; a buyer who is a seller elsewhere gets the buyer's card."""
        message = self.card_line(order, card)
        self._lines.deliver(self._market.accounts[order.account], self.record(message, "card"))
        if (theirs := self._market.account_of(order.buyer_id)) is not None:
            self._lines.deliver(theirs, self.record(self._buyers_card(order, card, theirs), "card"))
        return message

    def _buyers_card(self, order: Order, card: Card, theirs: Account) -> Message:
        seller, message_id = self._market.accounts[order.account].unb, self._market.ids.message()
        view, chat = buyers_view(card, order), replace(self._market.chats[order.chat_id], buyer_id=seller)
        extension = card_extension(view, replace(order, buyer_id=seller), chat, theirs, message_id)
        content, now = card_content(view, order, message_id), self._market.now_ms()
        pnm = self._market.ids.pnm()
        text = f"[{view.title}]"
        return Message(pnm, message_id, order.chat_id, seller, text, content, extension, now, user_typed=False)

    def card_line(self, order: Order, card: Card) -> Message:
        """An order card in history, not yet pushed."""
        chat, account = self._market.chats[order.chat_id], self._market.accounts[order.account]
        message_id = self._market.ids.message()
        extension = card_extension(card, order, chat, account, message_id)
        message = Message(
            self._market.ids.pnm(),
            message_id,
            chat.chat_id,
            order.buyer_id,
            f"[{card.title}]",
            card_content(card, order, message_id),
            extension,
            0,
            user_typed=False,
        )
        self._market.add_message(chat, message)
        return message

    def _platform_line(self, chat: Chat, text: str, content: Json, extension: Json, message_id: str, kind: str) -> None:
        pnm_id = self._market.ids.pnm()
        message = Message(
            pnm_id, message_id, chat.chat_id, chat.buyer_id, text, content, extension, 0, user_typed=False
        )
        self._market.add_message(chat, message)
        self._lines.deliver(self._market.accounts[chat.account], self.record(message, kind))
        if (theirs := self._market.account_of(chat.buyer_id)) is not None:
            shown = replace(message, extension=extension | {"receiver": theirs.unb})
            self._lines.deliver(theirs, self.record(shown, kind))
