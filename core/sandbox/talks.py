"""What is said: by buyers, by the shop, by the seller's own hand, and by the platform itself."""

import orjson

from core.sandbox.cards import Card, card_content, card_extension
from core.sandbox.frames import (
    arouse_record,
    chat_extension,
    image_content,
    message_record,
    notice_record,
    receipt_record,
    text_content,
    tip_content,
    tip_extension,
    typing_record,
)
from core.sandbox.lines import Lines
from core.sandbox.market import Market, Refusal
from core.sandbox.things import Account, Buyer, Chat, Json, Message, Order
from core.sandbox.wire import WireRecord

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
        self._lines.deliver(account, arouse_record(chat, item, account, self._market.now_ms()))
        return chat

    def line(self, chat: Chat, sender_id: str, content: Json, platform: str) -> Message:
        """Keep a line somebody typed."""
        text = content["text"]["text"] if content["contentType"] == 1 else "[图片]"
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

    def say(self, chat: Chat, text: str | None, image: str | None) -> Message:
        """A buyer types or sends a picture: typing, the line with its light notice, receipts for what was unread."""
        account = self._market.accounts[chat.account]
        content = text_content(text) if text is not None else image_content(image or "")
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
        self._lines.deliver(account, self.record(message, "message"), notice)
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
        return message

    def tip(self, order: Order, text: str, detail: str) -> None:
        """The platform says something in the chat; it names no order."""
        chat, account = self._market.chats[order.chat_id], self._market.accounts[order.account]
        message_id = self._market.ids.message()
        extension = tip_extension(chat, account, text, detail, message_id)
        self._platform_line(chat, text, tip_content(text), extension, message_id, "tip")

    def card(self, order: Order, card: Card) -> Message:
        """An order card appears in the chat."""
        message = self.card_line(order, card)
        self._lines.deliver(self._market.accounts[order.account], self.record(message, "card"))
        return message

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
