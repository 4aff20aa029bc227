"""Looking at orders."""

from bot.cards.card import Draft
from bot.cards.order_lists import list_card, pending_card
from bot.cards.orders import order_card
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import choice, read_before, read_order, read_text
from bot.commands.sellers import maybe_part, read_part
from core.values.ids import OrderId
from core.values.people import Role
from core.values.sellers import Part

FILTERS = {
    "all": "all", "全部": "all", "unpaid": "unpaid", "未付款": "unpaid", "等待买家付款": "unpaid", "today": "today",
    "今天": "today", "今日": "today", "risk": "risk", "待审批": "risk", "风险": "risk", "failed": "failed",
    "失败": "failed", "held": "held", "已拦截": "held", "拦截": "held", "manual": "manual", "待人工": "manual",
    "人工": "manual", "short": "short", "缺货": "short", "unknown": "unknown", "待核实": "unknown",
    "toship": "toship", "待发货": "toship", "等待卖家发货": "toship",
}  # fmt: skip
"""Typed word → the list's filter."""


async def show_orders(ask: Ask, chosen: str, part: Part | None, before: OrderId | None, text: str) -> Draft:
    """The list of orders, of all accounts or of some."""
    page = await ask.engine.orders.list(chosen, text, before, accounts=part.accounts if part else None)
    return list_card(page, ask.pen, filter_name=chosen, text=text, paged=before is not None, part=part)


async def show_order(ask: Ask, order: OrderId) -> Draft:
    """One order, whole."""
    return order_card(await ask.engine.orders.show(order), ask.pen, full=True)


async def show_pending(ask: Ask, part: Part | None) -> Draft:
    """Everything that waits for a person, of all accounts or of some."""
    rows = await ask.engine.pending.list(part.accounts if part else None)
    return pending_card(rows, ask.pen, part)


ROWS = (
    Command(
        name="orders",
        words=("订单", "订单列表"),
        topic="orders",
        role=Role.viewer,
        run=show_orders,
        arguments=(
            optional("chosen", choice(FILTERS, skip=True), "all"),
            optional("part", maybe_part),
            optional("before", read_before),
            optional("text", read_text, ""),
        ),
        in_menu=True,
    ),
    Command(
        name="order",
        words=("查单", "详情"),
        topic="orders",
        role=Role.viewer,
        run=show_order,
        arguments=(required("order", read_order),),
    ),
    Command(
        name="pending",
        words=("待办",),
        topic="orders",
        role=Role.viewer,
        run=show_pending,
        arguments=(optional("part", read_part),),
        in_menu=True,
    ),
)
