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
from core.run import open_shop
from core.sandbox.things import Json
from core.tools.verify import verify

Promise = tuple[str, bool, str]
"""What was promised, whether it held, and what was seen."""
KEY = re.compile(r"[A-Z]+-[0-9A-F]{8}")
CONTACT = re.compile(r"微信|vx|QQ|支付宝|1[3-9]\d{9}", re.IGNORECASE)
PRICE = re.compile(r"(\d+(?:\.\d+)?)\s*元")


async def print_books(stage: Stage, says: TextIO) -> None:
    """The books as the shop keeps them."""
    print("\n== 账本 ==", file=says)
    async with open_shop(stage.config) as shop:
        for shelf in await shop.engine.stock.list():
            one = shelf.product
            stock = f"可售 {one.free} · 占用 {one.reserved} · 已售 {one.sold}" if one.counted else "不限量"
            print(f"  p{one.id} {one.title}: {stock}", file=says)
        page = await shop.engine.orders.list(limit=100)
        for row in reversed(page.rows):
            shipping = row.fulfilment.state.value if row.fulfilment else "-"
            print(f"  #{row.order.id} {row.order.state.value} / {shipping}", file=says)
        days = await shop.engine.stats.numbers(7)
        print(f"  付款 {days.paid} 笔 {days.revenue_fen / 100:.2f} 元，退款 {days.refund_fen / 100:.2f} 元", file=says)


async def print_promises(
    stage: Stage, shop: ShopProcess, bought: Sequence[Bought], exit_code: int, failed: str, says: TextIO
) -> bool:
    """Each promise with ✓ or ✗; whether all held."""
    entries = (await stage.world.control.get("/record"))["entries"]
    promises = [*_of_orders(bought, entries), *_of_texts(entries), *_of_shop(stage, shop, exit_code, failed)]
    print("\n== 承诺 ==", file=says)
    for what, held, seen in promises:
        print(f"  {'✓' if held else '✗'} {what}{'' if held else f'（{seen}）'}", file=says)
    print(
        f"\n{sum(held for _, held, _ in promises)} passed, {sum(not held for _, held, _ in promises)} failed", file=says
    )
    return all(held for _, held, _ in promises)


def _of_orders(bought: Sequence[Bought], entries: Sequence[Json]) -> Iterator[Promise]:
    shipped = [entry for entry in entries if entry["kind"] == "shipped"]
    for one in bought:
        ways = [entry["how"] for entry in shipped if entry["order_id"] == one.order_id]
        right = ways == ([one.how] if one.end is End.shipped else [])
        texts = _delivery_texts(one, entries)
        yield f"#{one.number} {one.story}", right and len(texts) == one.texts, f"{ways}, {len(texts)} texts"


def _delivery_texts(one: Bought, entries: Sequence[Json]) -> list[str]:
    sent = [entry["text"] for entry in entries if entry["kind"] == "sent" and entry["chat_id"] == one.chat_id]
    return [text for text in sent if KEY.search(text) or one.order_id in text]


def _of_texts(entries: Sequence[Json]) -> Iterator[Promise]:
    texts = [entry["text"] for entry in entries if entry["kind"] == "sent"]
    keys = Counter(key for text in texts for key in KEY.findall(text))
    again = [key for key, times in keys.items() if times > 1]
    yield "每条卡密只给一个买家，只发一次", not again, str(again)
    low = [text for text in texts if any(float(price) < 8 for price in PRICE.findall(text))]
    low += [text for text in texts if CARD.title in text and any(float(price) < 25 for price in PRICE.findall(text))]
    yield "没有低于底价的话", not low, str(low)
    contacts = [text for text in texts if CONTACT.search(text)]
    yield "没有站外联系和站外付款的话", not contacts, str(contacts)


def _of_shop(stage: Stage, shop: ShopProcess, exit_code: int, failed: str) -> Iterator[Promise]:
    yield "该告诉店主的都告诉了", not failed, failed
    yield "SIGTERM 后干净退出", exit_code == 0, str(exit_code)
    verdict = verify(stage.config.shop.data_dir, ZoneInfo(stage.config.shop.timezone))
    rows = " · ".join(f"{name} {count}" for name, count in verdict.rows.items())
    yield f"账目与每条铁律核对无误（{rows}）", verdict.is_right, str(verdict.findings[:1])
    yield "店主看到了重启后的店", sum("掌柜已就绪" in line for line in shop.lines) == 2, "ready cards"
