"""The pretend marketplace's truth: who is there, what is on sale, what was said and bought."""

import pickle
import random
from pathlib import Path

from core.clock import Clock, to_ms
from core.sandbox.faults import Faults
from core.sandbox.ids import Ids
from core.sandbox.record import Record
from core.sandbox.things import Account, Buyer, Chat, Item, Message, Order, Token

FIRST_ACCOUNT = "shop"
FIRST_UNB = "2200000000001"
H5_TOKEN_MS = 3_600_000
ACCESS_TOKEN_MS = 86_625_466


class Refusal(Exception):
    """The platform says no; carries its `ret` text, such as `FAIL_BIZ_ORDER_NOT_FOUND::订单不存在`."""


NO_ORDER = "FAIL_BIZ_ORDER_NOT_FOUND::订单不存在"
WRONG_STATUS = "FAIL_BIZ_ORDER_STATUS_ERROR::订单状态错误"
ALREADY_SHIPPED = "FAIL_BIZ_ORDER_ALREADY_DELIVERY::已发货成功"


KEPT = ("ids", "dice", "accounts", "items", "buyers", "chats", "orders", "tokens", "h5_tokens", "_chat_of")


class Market:
    """Everything the platform knows, and the only place where it is looked up.

    With a record file it also keeps its state beside it (`<record>.state`), written when the world stops in good
    order, so that a world opened on the same record goes on where the last one ended.
    """

    def __init__(self, clock: Clock, seed: int, record: Path | None) -> None:
        self.clock = clock
        self.ids = Ids(seed)
        self.faults = Faults(seed)
        self.dice = random.Random(f"market {seed}")
        self.record = Record(record)
        self.accounts: dict[str, Account] = {}
        self.items: dict[str, Item] = {}
        self.buyers: dict[str, Buyer] = {}
        self.chats: dict[str, Chat] = {}
        self.orders: dict[str, Order] = {}
        self.tokens: dict[str, Token] = {}
        self.h5_tokens: dict[str, tuple[str, int]] = {}
        self._chat_of: dict[tuple[str, str, str], str] = {}
        self.token_life_ms = 0
        """How long the next access tokens live; 0: as long as the platform's."""
        self.session_s = 0
        """How long the cookies of a login by code say they last, in seconds; 0 says nothing."""
        self._state = None if record is None else record.with_name(f"{record.name}.state")
        if self._state is not None and self._state.exists():
            self.__dict__.update(pickle.loads(self._state.read_bytes()))
        else:
            self.add_account(FIRST_ACCOUNT, FIRST_UNB, merchant=False)

    def close(self) -> None:
        """Keep the state for the next world on this record, and let go of the file."""
        if self._state is not None:
            self._state.write_bytes(pickle.dumps({name: self.__dict__[name] for name in KEPT}))
        self.record.close()

    def now_ms(self) -> int:
        """The world's clock in milliseconds."""
        return to_ms(self.clock.now())

    def note(self, kind: str, **facts: object) -> None:
        """Write one thing that happened into the world's record."""
        self.record.write(kind, self.now_ms(), **facts)

    def add_account(self, name: str, unb: str | None, *, merchant: bool) -> Account:
        """A seller joins; an existing name keeps its session and may change its kind of shop."""
        if name in self.accounts:
            self.accounts[name].merchant = merchant
            return self.accounts[name]
        unb = unb or self.ids.unb()
        cookie2 = self.ids.hex(32)
        token, enc = self.new_h5_token()
        cookie = (
            f"cna={self.ids.hex(24)}; cookie2={cookie2}; _tb_token_={self.ids.hex(12)}; unb={unb}; "
            f"tracknick={name}; sgcookie={self.ids.hex(40)}; _m_h5_tk={token}; _m_h5_tk_enc={enc}"
        )
        self.accounts[name] = Account(name, unb, merchant, cookie2, cookie, self.ids.hex(44))
        return self.accounts[name]

    def new_session(self, account: Account) -> dict[str, str]:
        """The seller logs in anew: the cookies of the new session; the old one is over."""
        fresh = {
            "cookie2": self.ids.hex(32),
            "_tb_token_": self.ids.hex(12),
            "unb": account.unb,
            "tracknick": account.name,
            "sgcookie": self.ids.hex(40),
        }
        account.cookie2 = fresh["cookie2"]
        account.ends_ms = self.now_ms() + 1000 * self.session_s if self.session_s else 0
        account.cookie = "; ".join(f"{name}={value}" for name, value in fresh.items())
        return fresh

    @property
    def access_token_ms(self) -> int:
        """How long an access token made now lives."""
        return self.token_life_ms or ACCESS_TOKEN_MS

    def new_h5_token(self) -> tuple[str, str]:
        """A fresh `_m_h5_tk` (`<token>_<ms>`) and its `_m_h5_tk_enc`."""
        token, enc, expires = self.ids.hex(32), self.ids.hex(32), self.now_ms() + H5_TOKEN_MS
        self.h5_tokens[token] = (enc, expires)
        return f"{token}_{expires}", enc

    def new_access_token(self, account: Account, device_id: str) -> str:
        """A fresh token for the socket, good on this device only."""
        token = f"oauth_k1:{self.ids.hex(48)}"
        self.tokens[token] = Token(account.name, device_id, self.now_ms() + self.access_token_ms)
        return token

    def add_buyer(self, buyer_id: str | None = None, nick: str | None = None) -> Buyer:
        """A buyer, made when unknown."""
        buyer_id = buyer_id or self.ids.buyer()
        if buyer_id not in self.buyers or nick:
            self.buyers[buyer_id] = Buyer(buyer_id, nick or f"买家{buyer_id[-4:]}")
        return self.buyers[buyer_id]

    def find_chat(self, account: str, buyer_id: str, item_id: str) -> Chat | None:
        """The chat of a buyer about an item, if there is one."""
        chat_id = self._chat_of.get((account, buyer_id, item_id))
        return self.chats[chat_id] if chat_id else None

    def add_chat(self, account: str, buyer_id: str, item_id: str) -> Chat:
        """Begin a chat of a buyer about an item."""
        chat = Chat(self.ids.chat(), account, buyer_id, item_id, modified_ms=self.now_ms())
        self.chats[chat.chat_id] = chat
        self._chat_of[account, buyer_id, item_id] = chat.chat_id
        return chat

    def add_message(self, chat: Chat, message: Message) -> None:
        """Keep a line in the chat's history; two lines of a chat never share a millisecond, so paging loses none."""
        message.created_ms = max(self.now_ms(), chat.messages[-1].created_ms + 1 if chat.messages else 0)
        chat.messages.append(message)
        chat.modified_ms = message.created_ms

    def own_order(self, account: Account, order_id: object) -> Order:
        """An order of this seller; another's order does not exist for it."""
        order = self.orders.get(str(order_id))
        if order is None or order.account != account.name:
            raise Refusal(NO_ORDER)
        return order

    def seen_order(self, account: Account, order_id: object) -> Order:
        """An order this seller may look at: an own one, or one it made as a buyer."""
        order = self.orders.get(str(order_id))
        if order is not None and order.buyer_id == account.unb:
            return order
        return self.own_order(account, order_id)

    def account_of(self, user_id: str) -> Account | None:
        """The seller who is this user, for one who buys from another."""
        return next((account for account in self.accounts.values() if account.unb == user_id), None)

    def list_orders(self, account: str) -> list[Order]:
        """This seller's orders, newest first."""
        return [order for order in reversed(self.orders.values()) if order.account == account]

    def list_chats(self, account: str) -> list[Chat]:
        """This seller's chats, the latest first; those in which it buys are among them."""
        unb = self.accounts[account].unb
        chats = [chat for chat in self.chats.values() if chat.account == account or chat.buyer_id == unb]
        return sorted(chats, key=lambda chat: chat.modified_ms, reverse=True)
