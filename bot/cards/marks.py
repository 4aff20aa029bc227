"""The sign before a state's word: the first thing an eye finds in a list. The word always stands beside it."""

from core.values.fulfilment import FulfilmentState
from core.values.orders import OrderState

ORDER_MARKS: dict[OrderState, str] = {
    OrderState.pending_payment: "⚪",
    OrderState.pending_ship: "🔵",
    OrderState.shipped: "🟢",
    OrderState.completed: "✅",
    OrderState.cancelled: "⚫",
    OrderState.refunding: "🟣",
}
SHIP_MARKS: dict[FulfilmentState, str] = {
    FulfilmentState.scheduled: "🔵",
    FulfilmentState.awaiting_approval: "🟠",
    FulfilmentState.manual: "🟡",
    FulfilmentState.held: "✋",
    FulfilmentState.executing: "🚚",
    FulfilmentState.succeeded: "🟢",
    FulfilmentState.failed: "🔴",
    FulfilmentState.unknown: "❓",
    FulfilmentState.short: "📭",
    FulfilmentState.cancelled: "⚫",
}
ACCOUNT_MARKS: dict[str, str] = {
    "online": "🟢",
    "offline": "🟡",
    "login_expired": "🔴",
    "not_logged_in": "🔴",
    "challenged": "🔴",
    "new": "⚪",
}
