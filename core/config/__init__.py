"""The settings of the shop: a TOML file, overlaid by the environment (`ZHANGGUI__SECTION__KEY`)."""

from core.config.connections import Account, Ai, ClockSpeed, Shop, Watch, Wire
from core.config.describe import Difference, SettingRow, describe, differences, secrets_of
from core.config.live import Settings
from core.config.load import Origin, load
from core.config.schema import Config
from core.config.trade import Approvals, Limits, Replies, Retry, Risk, Shipping, Stock

__all__ = [
    "Account",
    "Ai",
    "Approvals",
    "ClockSpeed",
    "Config",
    "Difference",
    "Limits",
    "Origin",
    "Replies",
    "Retry",
    "Risk",
    "SettingRow",
    "Settings",
    "Shipping",
    "Shop",
    "Stock",
    "Watch",
    "Wire",
    "describe",
    "differences",
    "load",
    "secrets_of",
]
