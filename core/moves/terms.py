"""The owner's settings and the shop's dice, as every move needs them."""

from dataclasses import dataclass

from core.clock import Chance
from core.config import Approvals, Config, Replies, Risk, Shipping, Stock
from core.rules.items import Defaults


@dataclass(frozen=True, slots=True)
class Terms:
    """Sections of the configuration that decide what a change brings with it."""

    approvals: Approvals
    shipping: Shipping
    risk: Risk
    stock: Stock
    replies: Replies
    products: Defaults
    chance: Chance

    @classmethod
    def of(cls, config: Config, chance: Chance) -> "Terms":
        """The terms of a configuration."""
        return cls(
            config.approvals,
            config.shipping,
            config.risk,
            config.stock,
            config.replies,
            Defaults.of(config.shipping, config.stock),
            chance,
        )
