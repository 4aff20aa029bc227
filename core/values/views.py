"""What the front door shows: one frozen view a question."""

from datetime import date, datetime

from core.values import Value
from core.values.fulfilment import Approval, Fulfilment, FulfilmentState, ShipMode
from core.values.ids import AccountId, BuyerId, ChatId, ChatNo, ItemId, OrderId, ProductId, UserId
from core.values.money import Fen
from core.values.orders import Order, OrderState, Refund
from core.values.products import Product
from core.values.vitals import LineState


class HistoryRow(Value):
    """One step of an order's or its fulfilment's life."""

    machine: str
    at: datetime
    before: str | None
    after: str
    event: str
    actor: str
    name: str = ""
    """What the actor is called here, when that is a person."""
    detail: str = ""


class OrderRow(Value):
    """A line of the order list."""

    order: Order
    fulfilment: Fulfilment | None = None


class OrderPage(Value):
    """A page of the order list, newest first; `before` of the next page is the last row's id when `more`."""

    rows: tuple[OrderRow, ...]
    counts: dict[str, int]
    """Orders by state word: order states, plus risk, failed, held, manual, short, unknown of the fulfilment."""
    more: bool


class OrderView(Value):
    """All about one order; buttons are made for its `version`.

    It grows with every change of the order or its fulfilment.
    """

    version: int
    order: Order
    fulfilment: Fulfilment | None = None
    approval: Approval | None = None
    product: Product | None = None
    history: tuple[HistoryRow, ...] = ()
    """Newest last, at most 20."""
    waiting: str | None = None
    """Why a due shipment is not taken: "paused", "stopped", "account", else None."""
    refund: Refund | None = None
    """The newest request for the money back."""
    evidence: str = ""
    """For 待核实: what was tried, when, and what came back."""
    ship_by_at: datetime | None = None
    """When the platform wants a waiting parcel to be gone."""
    buyer_first: bool = False
    """Whether this is the buyer's first paid order."""
    with_buyer: int = 0
    """Counted units that its buyer has, and that would be sold again if they came back."""

    @property
    def is_parcel(self) -> bool:
        """Whether it goes out in a parcel, with a label somebody writes."""
        ship = self.fulfilment
        return ship is not None and ship.mode is ShipMode.physical and self.order.needs_postage is not False


class ReturnPreview(Value):
    """What taking goods back in would do: so many of an order's units on the product's shelf."""

    view: OrderView
    product: Product
    quantity: int


class ShipPreview(Value):
    """What /ship would do."""

    view: OrderView
    stock_left: int | None
    text_masked: str = ""
    warnings: tuple[str, ...] = ()
    """Text keys."""


class PendingRow(Value):
    """One thing that waits for a person, oldest first."""

    kind: str
    """awaiting_approval, manual, held, short, failed, unknown, chat; of an account login_expired, challenged"""
    order: Order | None = None
    chat_id: ChatId | None = None
    buyer: str = ""
    account: str = ""
    since_at: datetime
    deadline_at: datetime | None = None
    reason: str = ""


class StockRow(Value):
    """A product's stock."""

    product: Product
    sold_7_days: int = 0
    waiting_short: int = 0
    kept: int = 0
    """So many of what is reserved are kept for somebody who is no order."""


class KeysPreview(Value):
    """What an import of card keys would do."""

    product: Product
    new: int
    duplicate: int
    empty: int
    first_masked: tuple[str, ...] = ()


class VoidPreview(Value):
    """What of some keys of a product could become void: how many are in which state; `unknown` never were there."""

    product: Product
    free: int
    reserved: int
    sold: int
    void: int
    unknown: int


class Unsent(Value):
    """A person's words to a buyer that did not go out; `in_doubt`: or may have."""

    id: int
    text: str
    in_doubt: bool


class Pause(Value):
    """A pause that is on. `scope`: all, product, chat, account, or stop (the emergency stop)."""

    id: int
    scope: str
    entity_id: int | None = None
    until_at: datetime | None = None
    by: str
    at: datetime
    reason: str = ""


class PauseView(Value):
    """What is paused, and what it holds up."""

    pauses: tuple[Pause, ...]
    stopped: bool
    due_waiting: int


class ChatLine(Value):
    """One message of a conversation: sender is buyer, us, owner or platform."""

    sender: str
    text: str
    at: datetime
    by: str = ""


class ChatView(Value):
    """A conversation with a buyer."""

    id: ChatId
    account: str
    chat_no: ChatNo
    buyer_id: BuyerId | None = None
    buyer_nick: str = ""
    blocked_reason: str | None = None
    item_id: ItemId | None = None
    item_title: str = ""
    mode: str
    """auto or human"""
    human_until: datetime | None = None
    taken_by: str = ""
    lines: tuple[ChatLine, ...] = ()
    order_ids: tuple[OrderId, ...] = ()
    version: int = 1


class DayNumbers(Value):
    """The roll-up of a span of shop days."""

    since: date
    until: date
    orders: int = 0
    paid: int = 0
    revenue_fen: Fen = Fen(0)
    cancelled: int = 0
    refunds: int = 0
    refunded: int = 0
    refund_fen: Fen = Fen(0)
    shipped_auto: int = 0
    shipped_by_hand: int = 0
    ship_failed: int = 0
    late_0_1_min: int = 0
    late_1_5_min: int = 0
    late_5_30_min: int = 0
    late_over_30_min: int = 0
    approvals_asked: int = 0
    approved: int = 0
    rejected: int = 0
    expired: int = 0
    messages: int = 0
    answers_by_rule: int = 0
    answers_by_model: int = 0
    answer_wait_ms: int = 0
    answers_refused: int = 0
    handed_over: int = 0
    guard_blocked: int = 0

    def total(self, *names: str) -> int:
        """Some of the numbers together."""
        return sum(getattr(self, name) for name in names)


class ExportRow(Value):
    """A line of an order as it is taken away. Money of the whole order stands on its first line alone."""

    id: OrderId
    account: str
    order_no: str
    created_at: datetime
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    closed_at: datetime | None = None
    state: OrderState
    ship_state: FulfilmentState | None = None
    by_hand: bool = False
    title: str = ""
    spec: str = ""
    quantity: int = 1
    unit_price_fen: Fen | None = None
    amount_fen: Fen | None = None
    refund_fen: Fen | None = None
    nick: str = ""
    carrier: str = ""
    tracking_no: str = ""


class AccountHealth(Value):
    """One account's link."""

    id: AccountId
    name: str
    user_id: UserId | None = None
    """Its user on the platform, once known."""
    state: str
    reason: str = ""
    since_at: datetime | None = None
    first_connected_at: datetime | None = None
    """When the platform first accepted its login: from then on it is that user for ever."""
    last_frame_at: datetime | None = None
    caught_up_at: datetime | None = None
    """Up to here what was missed has been fetched."""
    logged_in_at: datetime | None = None
    """When the owner gave its login; None when that was before the shop wrote it down."""
    login_ends_at: datetime | None = None
    """When the login ends by its own word; None when it does not say."""
    line: LineState = LineState()
    """How its calls are, as the running shop last said."""
    due: int = 0
    """Effects of it that are due and wait, up to a hundred thousand."""

    @property
    def trouble(self) -> str:
        """Its state in words for people: a login that never was is no expired one."""
        never = self.state == "login_expired" and self.user_id is None
        return "not_logged_in" if never else self.state


class KeysAdded(Value):
    """The result of an import of card keys."""

    product_id: ProductId
    added: int
    duplicate: int
