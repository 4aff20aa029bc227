"""What happens to orders: by buyers, by the seller through the API, and by the seller's own hand in the app."""

from core.sandbox.cards import (
    bargain_card,
    bargain_done_card,
    paid_card,
    paid_update_record,
    price_card,
    rated_card,
    refund_card,
    waiting_card,
)
from core.sandbox.frames import order_map_record, summary_record
from core.sandbox.lines import Lines
from core.sandbox.market import ALREADY_SHIPPED, WRONG_STATUS, Market, Refusal
from core.sandbox.talks import Talks
from core.sandbox.things import (
    CLOSED,
    COMPLETED,
    PENDING_PAYMENT,
    PENDING_SHIP,
    REFUNDED,
    SHIPPED,
    Account,
    Buyer,
    Item,
    Order,
)
from core.sandbox.variants import (
    RATE_TITLE,
    changed_card_record,
    flat_paid_record,
    rate_content,
    signed_content,
    workbench_record,
)

WAITING = {
    PENDING_PAYMENT: "等待买家付款",
    PENDING_SHIP: "等待卖家发货",
    SHIPPED: "等待买家收货",
    COMPLETED: "交易成功",
}


class Trades:
    """The life of an order; each act changes the truth, writes the record, then pushes the frames."""

    def __init__(self, market: Market, lines: Lines, talks: Talks) -> None:
        self._market = market
        self._lines = lines
        self._talks = talks

    def place(
        self, account: Account, buyer: Buyer, item_id: str, quantity: int, spec: str, amount_fen: int | None
    ) -> Order:
        """A buyer orders: born unpaid, with no frame yet."""
        chat = self._talks.chat(account, buyer, item_id)
        item = self._market.items[item_id]
        if amount_fen is None:
            amount_fen = _price_fen(item, spec) * quantity + item.postage_fen
        now, order_id = self._market.now_ms(), self._market.ids.order()
        order = Order(
            order_id, account.name, buyer.buyer_id, item_id, chat.chat_id, quantity, spec, amount_fen, created_ms=now
        )
        self._market.orders[order_id] = order
        self._note("ordered", order, amount_fen=amount_fen, quantity=quantity, spec=spec, item_id=item_id)
        return order

    def order(
        self,
        account: Account,
        buyer: Buyer,
        item_id: str,
        quantity: int,
        spec: str,
        amount_fen: int | None,
        *,
        silent: bool = False,
    ) -> Order:
        """A buyer orders and the seller sees the summary, the map and the waiting card; of a `silent` one nothing."""
        order = self.place(account, buyer, item_id, quantity, spec, amount_fen)
        order.silent = silent
        if silent:
            return order
        self._summary_and_map(order)
        order.card_pnm = self._talks.card(order, waiting_card(order)).pnm_id
        return order

    def mark_paid(self, order: Order) -> None:
        """The money arrives, with no frame yet."""
        self._need(order.status == PENDING_PAYMENT)
        order.status, order.paid_ms = PENDING_SHIP, self._market.now_ms()
        self._note("paid", order, amount_fen=order.amount_fen)

    def pay(self, order: Order, show: str | None) -> None:
        """A buyer pays; the seller sees a new card or an update of the waiting one (`show`, else the dice decide)."""
        self.mark_paid(order)
        item = self._market.items[order.item_id]
        if order.silent:
            return
        if order.bargaining:
            self._talks.card(order, bargain_card(order, item))
            return
        self._summary_and_map(order)
        self._show_paid(order, item, show or self._market.dice.choice(("card", "card", "update")))

    def _show_paid(self, order: Order, item: Item, show: str) -> None:
        account, chat, now = self._account(order), self._market.chats[order.chat_id], self._market.now_ms()
        if show == "card":
            order.card_pnm = self._talks.card(order, paid_card(order, item)).pnm_id
        elif show == "update":
            self._lines.deliver(account, paid_update_record(order, item, now))
        elif show == "change":
            self._lines.deliver(account, changed_card_record(paid_card(order, item), order, chat, account, now))
        elif show == "flat":
            self._lines.deliver(account, flat_paid_record(order, chat))
        elif show.startswith("workbench"):
            self._workbench(order, "买家已付款，待发货", named=show == "workbench")

    def complete_bargain(self, order: Order) -> None:
        """The group bargain is complete: now the order may be shipped."""
        self._need(order.bargaining and order.status == PENDING_SHIP)
        order.bargaining = False
        self._note("bargain_done", order)
        self._summary_and_map(order)
        self._talks.card(order, bargain_done_card(order, self._market.items[order.item_id]))

    def cancel(self, order: Order, by: str) -> None:
        """An order closes before shipping: by `buyer`, `seller` (in the app) or `timeout`."""
        self._need(order.status in (PENDING_PAYMENT, PENDING_SHIP))
        paid, order.status, order.refunding = order.status == PENDING_SHIP, CLOSED, False
        self._note("cancelled", order, by=by)
        self._summary(order, "交易关闭")
        if paid:
            self._talks.tip(order, "[你关闭了订单，钱款已原路退返]", "交易关闭")
        elif by == "seller":
            self._talks.tip(order, "[未付款，你关闭了订单]", "交易关闭")
        elif by == "timeout":
            self._talks.tip(order, "超时未付款，系统关闭了订单", "交易关闭")

    def change_price(self, order: Order, amount_fen: int) -> None:
        """The price of an unpaid order changes."""
        self._need(order.status == PENDING_PAYMENT)
        order.amount_fen = amount_fen
        self._note("price_changed", order, amount_fen=amount_fen)
        self._talks.card(order, price_card(order))

    def ask_refund(self, order: Order, reason: str = "不想要了", amount_fen: int | None = None) -> None:
        """The buyer asks for the money back, all of it or a part."""
        self._need(order.status in (PENDING_SHIP, SHIPPED, COMPLETED) and not order.refunding)
        order.refunding, order.refund_refused = True, False
        order.refund_id, order.refund_reason = self._market.ids.refund(), reason
        order.refund_asked_ms = self._market.now_ms()
        order.refund_fen = order.amount_fen if amount_fen is None else amount_fen
        self._note("refund_asked", order, refund_id=order.refund_id, reason=reason, amount_fen=order.refund_fen)
        self._summary(order, "买家申请退款")
        self._talks.card(order, refund_card())

    def withdraw_refund(self, order: Order) -> None:
        """The buyer takes the request back."""
        self._need(order.refunding)
        order.refunding = False
        self._note("refund_withdrawn", order)
        self._summary(order, WAITING[order.status])

    def refuse_refund(self, order: Order, reason_id: str) -> None:
        """The seller says no: the order is where it was before the request."""
        self._need(order.refunding)
        order.refunding, order.refund_refused = False, True
        self._note("refund_refused", order, refund_id=order.refund_id, reason_id=reason_id)
        self._summary(order, WAITING[order.status])

    def agree_refund(self, order: Order) -> None:
        """The seller agrees in the app; the money goes back."""
        self._need(order.refunding)
        order.refunding, order.status = False, REFUNDED
        self._note("refund_agreed", order, amount_fen=order.refund_fen)
        self._summary(order, "交易关闭")
        self._talks.tip(order, "[退款成功，钱款已原路退返]", "退款成功")

    def confirm(self, order: Order) -> None:
        """The buyer confirms receipt."""
        self._need(order.status == SHIPPED and not order.refunding)
        order.status = COMPLETED
        self._note("confirmed", order)
        self._summary(order, "交易成功")
        self._talks.tip(order, "[买家确认收货，交易成功]", "交易成功")
        self._talks.platform_line(order, rate_content(), RATE_TITLE, RATE_TITLE, "platform_card")
        if self._account(order).merchant:
            self._workbench(order, "买家已确认收货，交易成功", named=True)

    def sign(self, order: Order) -> None:
        """The carrier hands the parcel over: a text card, and no state."""
        self._need(order.status == SHIPPED)
        self._note("signed", order)
        self._talks.platform_line(order, signed_content(order), "[物流已签收]", "物流已签收", "text_card")

    def rate(self, order: Order) -> None:
        """The buyer rates."""
        self._need(order.status == COMPLETED and not order.rated)
        order.rated = True
        self._note("rated", order)
        self._talks.card(order, rated_card(order))

    def ship(self, order: Order, how: str, tracking_no: str = "", company: str = "", text: str = "") -> None:
        """The seller ships: `how` is dummy, offline or app. A second time is refused as already shipped."""
        if order.shipped_ms:
            raise Refusal(ALREADY_SHIPPED)
        self._need(order.status == PENDING_SHIP and not order.refunding and not order.bargaining)
        order.status, order.shipped_ms, order.how = SHIPPED, self._market.now_ms(), how
        order.tracking_no, order.company = tracking_no, company
        self._note("shipped", order, how=how, tracking_no=tracking_no, company=company, text=text)
        self._summary(order, WAITING[SHIPPED])
        self._talks.tip(order, "[你已发货]", "等待买家收货")

    def _need(self, allowed: bool) -> None:
        if not allowed:
            raise Refusal(WRONG_STATUS)

    def _account(self, order: Order) -> Account:
        return self._market.accounts[order.account]

    def _note(self, kind: str, order: Order, **facts: object) -> None:
        base = {"account": order.account, "order_id": order.order_id, "buyer_id": order.buyer_id}
        self._market.note(kind, **base, chat_id=order.chat_id, **facts)

    def _workbench(self, order: Order, text: str, *, named: bool) -> None:
        account, pnm = self._account(order), self._market.ids.pnm()
        record = workbench_record(order, account, pnm, text, self._market.now_ms(), named=named)
        self._lines.deliver(account, record)

    def _summary(self, order: Order, reminder: str) -> None:
        record = summary_record(order.chat_id, reminder, self._market.now_ms())
        self._talks.both(self._market.chats[order.chat_id], record)

    def _summary_and_map(self, order: Order) -> None:
        now, account, item = self._market.now_ms(), self._account(order), self._market.items[order.item_id]
        summary = summary_record(order.chat_id, WAITING[order.status], now)
        self._talks.both(self._market.chats[order.chat_id], summary, order_map_record(order, item, account, now))


def _price_fen(item: Item, spec: str) -> int:
    return next((sku.price_fen for sku in item.skus if sku.spec == spec), item.price_fen)
