"""What the scripted day promised, held against the pretend world's own record and the shop's books."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.demo.buyers import Bought, End
from bot.demo.goods import CARD
from bot.demo.shop_process import ShopProcess
from bot.demo.stage import Stage
from bot.texts import Texts
from core.run import open_shop
from core.sandbox.things import Json
from core.tools.verify import verify

Promise = tuple[str, bool, str]
"""What was promised, whether it held, and what was seen."""
KEY = re.compile(r"[A-Z]+-[0-9A-F]{8}")
CONTACT = re.compile(r"微信|vx|QQ|支付宝|1[3-9]\d{9}", re.IGNORECASE)
PRICE = re.compile(r"(\d+(?:\.\d+)?)\s*元")


async def print_books(stage: Stage, says: TextIO, texts: Texts) -> None:
    """The books as the shop keeps them."""
    print(f"\n{texts('demo.books')}", file=says)
    async with open_shop(stage.config) as shop:
        for shelf in await shop.engine.stock.list():
            one = shelf.product
            counts = {"free": one.free, "reserved": one.reserved, "sold": one.sold}
            stock = texts("demo.shelf", **counts) if one.counted else texts("demo.unlimited")
            print(f"  p{one.id} {one.title}: {stock}", file=says)
        page = await shop.engine.orders.list(limit=100)
        for row in reversed(page.rows):
            shipping = row.fulfilment.state.value if row.fulfilment else "-"
            print(f"  #{row.order.id} {row.order.state.value} / {shipping}", file=says)
        days = await shop.engine.stats.numbers(7)
        paid, refunded = (f"¥ {fen / 100:.2f}" for fen in (days.revenue_fen, days.refund_fen))
        print(f"  {texts('demo.paid', n=days.paid, paid=paid, refunded=refunded)}", file=says)


async def print_promises(
    stage: Stage, shop: ShopProcess, bought: Sequence[Bought], exit_code: int, failed: str, says: TextIO, texts: Texts
) -> bool:
    """Each promise with ✓ or ✗; whether all held."""
    entries = (await stage.world.control.get("/record"))["entries"]
    promises = [
        *_of_orders(bought, entries, texts),
        *_of_texts(entries, texts),
        *_of_shop(stage, shop, exit_code, failed, texts),
    ]
    print(f"\n{texts('demo.promises')}", file=says)
    for what, held, seen in promises:
        print(f"  {'✓' if held else '✗'} {what}{'' if held else f' ({seen})'}", file=says)
    kept = sum(held for _, held, _ in promises)
    print(f"\n{texts('demo.passed', passed=kept, failed=len(promises) - kept)}", file=says)
    return all(held for _, held, _ in promises)


def _of_orders(bought: Sequence[Bought], entries: Sequence[Json], texts: Texts) -> Iterator[Promise]:
    shipped = [entry for entry in entries if entry["kind"] == "shipped"]
    for one in bought:
        ways = [entry["how"] for entry in shipped if entry["order_id"] == one.order_id]
        right = ways == ([one.how] if one.end is End.shipped else [])
        told = _delivery_texts(one, entries)
        right = right and len(told) == one.texts
        yield f"#{one.number} {texts(f'story.{one.story}')}", right, f"{ways}, {len(told)} texts"


def _delivery_texts(one: Bought, entries: Sequence[Json]) -> list[str]:
    sent = [entry["text"] for entry in entries if entry["kind"] == "sent" and entry["chat_id"] == one.chat_id]
    return [text for text in sent if KEY.search(text) or one.order_id in text]


def _of_texts(entries: Sequence[Json], texts: Texts) -> Iterator[Promise]:
    sent = [entry["text"] for entry in entries if entry["kind"] == "sent"]
    keys = Counter(key for text in sent for key in KEY.findall(text))
    again = [key for key, times in keys.items() if times > 1]
    yield texts("demo.keys_once"), not again, str(again)
    low = [text for text in sent if any(float(price) < 8 for price in PRICE.findall(text))]
    low += [text for text in sent if CARD.title in text and any(float(price) < 25 for price in PRICE.findall(text))]
    yield texts("demo.no_low_price"), not low, str(low)
    contacts = [text for text in sent if CONTACT.search(text)]
    yield texts("demo.no_contact"), not contacts, str(contacts)


def _of_shop(stage: Stage, shop: ShopProcess, exit_code: int, failed: str, texts: Texts) -> Iterator[Promise]:
    yield texts("demo.told"), not failed, failed
    yield texts("demo.clean_exit"), exit_code == 0, str(exit_code)
    verdict = verify(stage.config.shop.data_dir, ZoneInfo(stage.config.shop.timezone))
    rows = " · ".join(f"{name} {count}" for name, count in verdict.rows.items())
    yield texts("demo.verified", rows=rows), verdict.is_right, str(verdict.findings[:1])
    ready = sum(texts("title.ready") in line for line in shop.lines)
    yield texts("demo.ready_again"), ready == 2, "ready cards"
