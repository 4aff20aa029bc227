"""The platform's words for an order's state.

Only texts the platform itself wrote are read here: a buyer can type any of them (facts: order status messages).
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from core.values.orders import PlatformStatus

WAITING_FOR_GROUP = "待刀成"
"""A bargain (小刀) that still waits for others: paid, and not to be shipped."""

_WORDS: tuple[tuple[PlatformStatus, tuple[str, ...]], ...] = (
    (PlatformStatus.closed, ("交易关闭", "关闭了订单", "超时未付款")),
    (PlatformStatus.refunded, ("退款成功", "原路退返")),
    (PlatformStatus.refunding, ("发起了退款申请", "发起退款申请", "买家申请退款", "退款中")),
    (PlatformStatus.rated, ("完成了评价", "有新交易评价", "期待评价")),
    (PlatformStatus.completed, ("交易成功", "已确认收货", "快给ta一个评价")),
    (PlatformStatus.pending_payment, ("待付款", "等待买家付款", "等待你付款", "未付款")),
    (
        PlatformStatus.pending_ship,
        ("等待你发货", "待发货", "等待卖家发货", "买家已付款", "去发货", "及时发货"),
    ),
    (PlatformStatus.shipped, ("已发货", "等待买家收货", "待收货")),
)
_EVENTS: tuple[tuple[str, PlatformStatus], ...] = (
    ("TRADE_PAID_DONE_", PlatformStatus.pending_ship),
    ("TRADE_MODIFY_FEE_", PlatformStatus.pending_payment),
    ("_not_pay_", PlatformStatus.pending_payment),
    ("BUYER_RATE_SELLER", PlatformStatus.rated),
)
_MARKUP = re.compile(r"<[^>]*>")
_LONGEST_TIP = 30
_LONGEST_TITLE = 80


@lru_cache(maxsize=1024)
def status_of_text(text: str) -> PlatformStatus | None:
    """What one text of a card says, if it says a state. The platform has few such texts and none is long."""
    if len(text) > _LONGEST_TITLE:
        return None
    return next((status for status, words in _WORDS if any(word in text for word in words)), None)


def waits_for_group(texts: Iterable[str | None]) -> bool:
    """True when a text says that the bargain's group is not complete."""
    return WAITING_FOR_GROUP in "\n".join(filter(None, texts))


def status_of_texts(texts: Sequence[str | None]) -> PlatformStatus | None:
    """The state said by the first text that says one; none at all while a bargain waits for its group."""
    if waits_for_group(texts):
        return None
    return next((status for text in texts if text and (status := status_of_text(text))), None)


def status_of_tip(text: str | None) -> PlatformStatus | None:
    """What a tip says. Tips are prose too ("及时发货可以提升信誉…"), so only a short one counts."""
    if not text:
        return None
    bare = _MARKUP.sub("", text).strip(" []【】")
    return status_of_texts([bare]) if len(bare) <= _LONGEST_TIP else None


def status_of_update_key(update_key: str | None) -> PlatformStatus | None:
    """What the event named in an `updateKey` says (`<chat>:<order>:63:TRADE_PAID_DONE_SELLER:26`)."""
    if not update_key:
        return None
    return next((status for event, status in _EVENTS if event in update_key), None)
