"""Whoever keeps the live demo's shelf from staying empty, so that its street lives until somebody ends it."""

import asyncio
import base64
import logging
import secrets
from zoneinfo import ZoneInfo

from bot.demo.stage import Stage
from core.clock import SystemClock
from core.errors import ShopError
from core.tools.control import Line, NobodyThere, ask
from core.tools.figures import open_figures
from core.values.products import Product

LOG = logging.getLogger("zhanggui.demo")
LOOK_S = 60.0
"""Real seconds between two looks: long enough for a buyer to meet the empty shelf, and its owner to see that."""
BRINGS = {"keyed": 20, "counted": 5}


async def keep_stocked(stage: Stage, every_s: float = LOOK_S) -> None:
    """Bring what is sold out, for ever; by the host's own command line, as a person would."""
    while True:
        await asyncio.sleep(every_s)
        try:
            for product in await _sold_out(stage):
                await asyncio.to_thread(ask, stage.config.shop.data_dir, delivery(product))
        except (ShopError, NobodyThere, OSError) as error:
            LOG.info("the wholesaler comes again: %s", error)


async def _sold_out(stage: Stage) -> list[Product]:
    config = stage.config
    zone, clock = ZoneInfo(config.shop.timezone), SystemClock(config.clock.speed, config.clock.since)
    async with open_figures(config.shop.data_dir, zone, clock) as figures:
        return [row.product for row in (await figures.shelf(1)).rows if not row.product.free]


def delivery(product: Product) -> Line:
    """The command that fills one product's shelf."""
    if not product.keyed:
        return {"verb": "do", "words": f"setstock p{product.id} {BRINGS['counted']}", "sure": True}
    keys = "\n".join(f"KEY-{secrets.token_hex(4).upper()}" for _ in range(BRINGS["keyed"]))
    file = {"name": "keys.txt", "content": base64.b64encode(keys.encode()).decode()}
    return {"verb": "do", "words": f"import p{product.id}", "sure": True, "file": file}
