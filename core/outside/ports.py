"""What the shop needs of the world, as small Protocols.

An adapter translates foreign errors (core/errors) and keeps the cause.
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Protocol

from core.values import Value
from core.values.ids import ChatNo, ItemId, OrderNo, RefundNo, UserId
from core.values.logins import LoginStep
from core.values.market import ChatMessage, Conversation, MarketRecord
from core.values.orders import OrderRecord, RefundRecord
from core.values.products import ItemRecord
from core.values.telling import Way
from core.values.vitals import LineState

MOST_ITEMS = 500
"""So many items of an account are listed at most."""


class Link(Value):
    """The state of an account's connection that must outlive the process (stored encrypted)."""

    user_id: UserId | None
    """None before the first login; from then on for ever the same."""
    device_id: str
    cookies: str
    """The Cookie header string, merged, without duplicates."""
    token: str | None = None
    token_expires_at: datetime | None = None
    logged_in_at: datetime | None = None
    """When the owner gave this login; None when that is not known."""
    ends_at: datetime | None = None
    """When its cookies said they end; None when they did not say."""
    plain_at: datetime | None = None
    """When the platform last said that the account is a plain seller; None when it never did."""


class Listener(Protocol):
    """The shop's side of a market connection: given to `Market.listen`."""

    async def arrived(self, account: str, records: Sequence[MarketRecord]) -> None:
        """Returns when the records are durably stored: only then may they be acknowledged (law 1)."""
        ...

    async def connected(self, account: str, user_id: UserId) -> None:
        """Called after each accepted /reg: what was missed is fetched again."""
        ...

    async def disconnected(self, account: str, reason: str) -> None:
        """Called when the connection ended; the adapter reconnects by itself."""
        ...

    async def unstable(self, account: str, reason: str) -> None:
        """Called when connection after connection ended at once: for a long while none is opened (facts: reconnect)."""
        ...

    async def needs_owner(self, account: str, error: Exception) -> None:
        """LoginExpired or Challenged: calls of this account stop, the owner gets one card, the rest runs on."""
        ...

    async def mended(self, account: str) -> None:
        """The owner made it work again: calls of this account go on when this returns, and it connects anew."""
        ...

    async def login_checked(self, account: str, *, alive: bool, ends_at: datetime | None) -> None:
        """Called now and then while connected, after the login was looked at.

        `alive`: whether it is still recognised (calls may go on for a while when it is not); `ends_at`: when it ends
        by its own word, if it says.
        """
        ...

    async def keep_link(self, account: str, link: Link) -> None:
        """Cookies, device id or token changed: store them before they are relied on."""
        ...


class Market(Protocol):
    """One account on one marketplace.

    Every call raises: LoginExpired, Challenged (the account pauses), MarketDown (nothing happened, try later),
    Refused (the platform said no; a business error, never retried) and, for writes only, Unknown (no answer).
    """

    @property
    def account(self) -> str:
        """The account's name in the configuration."""
        ...

    @property
    def user_id(self) -> UserId:
        """The account's own platform user id; LoginExpired("not_logged_in") before the first login."""
        ...

    @property
    def line(self) -> LineState:
        """How the account's calls are at this moment."""
        ...

    async def listen(self, listener: Listener) -> None:
        """Own the connection: connect, register, heartbeat, read, reconnect with a fresh token; until cancelled."""
        ...

    async def close(self) -> None:
        """Let go of what calls hold open."""
        ...

    async def probe(self, listener: Listener) -> None:
        """Ask a question that only a working login is answered, without the connection.

        `listener` stores what the answer renews, where none listens yet.
        """
        ...

    async def resume(self) -> None:
        """The owner says the login works again: leave the paused state and reconnect."""
        ...

    def log_in(self) -> AsyncGenerator[LoginStep]:
        """Log in by a code the owner scans: each step as it comes, the last one is an end (core/values/logins).

        `done` comes when the new login is stored and the connection begins anew; a login of another user is refused
        (wrong_account). The old login stays what it is until then. MarketDown when the platform cannot be reached.
        """
        ...

    def read_record(self, raw: bytes) -> MarketRecord:
        """Parse a stored raw record again; never raises: what cannot be read is `unknown`."""
        ...

    async def send_text(self, chat_no: ChatNo, to: UserId, text: str) -> str:
        """Say something to a buyer; returns the platform's message id. Unknown when no answer came."""
        ...

    async def open_chat(self, buyer: UserId, item_id: ItemId) -> ChatNo:
        """Create (or find) the conversation with a buyer about an item."""
        ...

    async def list_conversations(self, since: datetime) -> tuple[Conversation, ...]:
        """Conversations changed since an instant, newest first."""
        ...

    async def list_messages(self, chat_no: ChatNo, since: datetime) -> tuple[ChatMessage, ...]:
        """A conversation's messages since an instant, oldest first, both sides."""
        ...

    async def list_history(self, chat_no: ChatNo, since: datetime) -> tuple[MarketRecord, ...]:
        """The same as records with the same keys as pushes have, for catching up, oldest first."""
        ...

    async def find_order(self, order_no: OrderNo) -> OrderRecord | None:
        """The platform's record of an order."""
        ...

    async def find_order_of_chat(self, chat_no: ChatNo, item_id: ItemId) -> OrderNo | None:
        """The present order of a chat about an item (a status came without an order id)."""
        ...

    async def list_sold(self) -> tuple[OrderRecord, ...]:
        """The orders the platform lists as sold by this account and still open, newest first."""
        ...

    async def find_item(self, item_id: ItemId) -> ItemRecord | None:
        """The platform's record of an item."""
        ...

    async def list_items(self) -> tuple[ItemRecord, ...]:
        """The account's items on sale, MOST_ITEMS at most: then there may be more."""
        ...

    async def ship_virtual(self, order_no: OrderNo) -> None:
        """Tell the platform that goods without postage were delivered; already shipped counts as done."""
        ...

    async def ship_parcel(self, order_no: OrderNo, carrier_code: str, tracking_no: str) -> None:
        """Tell the platform a parcel's carrier and number; already shipped counts as done."""
        ...

    async def find_refund(self, order_no: OrderNo) -> RefundRecord | None:
        """The newest refund request of an order, with the reasons it may be refused with; None when there is none."""
        ...

    async def refuse_refund(self, refund_no: RefundNo, reason_id: str) -> None:
        """Say no to a request; agreeing to one is the app's alone."""
        ...


class Turn(Value):
    """One message for the model."""

    role: str
    """system, user or assistant"""
    text: str


class Completion(Value):
    """What the model wrote, with what it cost."""

    text: str
    model: str
    took_s: float
    tokens_in: int = 0
    tokens_out: int = 0


class Model(Protocol):
    """A language model."""

    async def complete(self, turns: Sequence[Turn], temperature: float, max_tokens: int = 400) -> Completion:
        """Answer; ModelDown (timeout, 5xx, 429) or OutOfCredit (key, billing)."""
        ...

    async def probe(self) -> None:
        """Ask for one token: raises what `complete` raises, whatever the answer says."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


class OwnerDesk(Protocol):
    """The owner's side: shows what the shop has to tell. Bound by bot/ at the composition root."""

    def reaches(self, chat: str) -> bool:
        """Whether the front of a chat runs here."""
        ...

    async def show(self, notice_id: int, way: Way) -> None:
        """Render the notice in one chat and return when it is delivered.

        Raises Busy(retry_after_s) when the chat's budget is used up and another Transient when it did not take it.
        """
        ...
