"""How products are set up."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.cards.card import Draft
from bot.cards.items import change_question, differences, item_card
from bot.cards.listings import all_question, all_sure, join_question, list_card, new_card, newest, split_question
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import PAGE, Source, choice, read_text
from bot.commands.sellers import maybe_part, read_product_or_order_or_tell
from core.errors import BadArgument, Refused
from core.values.fulfilment import ShipMode
from core.values.ids import ProductId
from core.values.people import Role
from core.values.products import Product
from core.values.sellers import Part

FIELDS = {
    "标题": "title", "自动发货": "auto_ship", "类型": "mode", "延迟": "delay", "价格": "price", "底价": "floor",
    "邮费": "postage", "限购": "max_quantity", "预警": "low_at", "快递": "carrier", "内容": "text", "文案": "text",
    "说明": "facts", "状态": "state", "计数": "counted", "卡密": "keyed", "库位": "location", "易碎": "fragile",
}  # fmt: skip
"""Chinese names of the settings; the Latin ones are the engine's."""
JOIN, SPLIT = "join", "split"
"""What stands where a setting stands: the product is another's goods; one of its items is goods of its own."""
VERBS = {"并入": JOIN, JOIN: JOIN, "拆出": SPLIT, SPLIT: SPLIT}
NEW = {"new": "new", "新": "new", "新的": "new", "新商品": "new", "未配置": "new"}
HOW = {
    "all": "all", "全部": "all", "virtual": "virtual", "虚拟": "virtual", "physical": "physical", "实物": "physical",
    "hand": "hand", "人工": "hand",
}  # fmt: skip
"""What is done with all new products: asked, or how they are sent."""


@dataclass(frozen=True)
class Listed:
    """Which products are listed: of a part, a page of them, or those that are new and how all of these are sent."""

    part: Part | None = None
    page: int = 1
    new: bool = False
    every: bool = False
    how: str | None = None


async def read_listed(source: Source) -> Listed | None:
    """新商品 [全部, 虚拟, 实物, 人工]; or an account or shop, and 第2页; nothing when a product comes."""
    if await choice(NEW, skip=True)(source):
        how = await choice(HOW, skip=True)(source)
        return Listed(new=True, every=how == "all", how=how if how != "all" else None)
    part = await maybe_part(source)
    found = PAGE.fullmatch(source.peek() or "")
    if found is None:
        return Listed(part=part) if part else None
    source.take()
    return Listed(part=part, page=max(1, int(found[1])))


async def preview_item(
    ask: Ask, what: Listed, product: ProductId | None, field: str | None, value: str | None
) -> Draft | None:
    """A change is asked about as old → new; looking needs no question."""
    if what.how is not None:
        return all_sure(await ask.engine.items.list_new(), what.how, ask.pen)
    if product is None or field is None:
        return None
    if field == SPLIT:
        return split_question(await ask.engine.items.show(product), value or "", ask.pen)
    if value is None:
        raise BadArgument("argument_missing", argument="value", command="item")
    if field == JOIN:
        before, into = await _to_join(ask, product, value)
        return join_question(before, into, ask.pen)
    before, after = await ask.engine.items.preview_change(product, field, value)
    return change_question(before, after, field, ask.repeat, ask.pen, lack=ask.engine.items.lack_of(after))


async def _to_join(ask: Ask, product: ProductId, value: str) -> tuple[Product, Product]:
    into = await ask.engine.stock.find(value)
    return (await ask.engine.items.show(product)).product, (await ask.engine.items.show(into)).product


async def _list(ask: Ask, what: Listed) -> Draft:
    """A page of products, those that are new, or what is done with all of them."""
    items = ask.engine.items
    if what.how is not None:
        if ask.version is not None and newest(await items.list_new()) > ask.version:
            raise Refused("changed_meanwhile")  # goods came that nobody looked at
        done = await items.configure_new(
            ask.actor, ShipMode.physical if what.how == "physical" else ShipMode.virtual, auto_ship=what.how != "hand"
        )
        card = list_card(await items.list(), ask.pen)
        return card.model_copy(update={"note": ask.pen("note.new_done", n=done)})
    if what.new:
        rows = await items.list_new()
        return all_question(rows, ask.pen) if what.every and rows else new_card(rows, ask.pen)
    rows_here = await items.list(what.part.accounts if what.part else None)
    return list_card(rows_here, ask.pen, page=what.page, part=what.part)


async def item(ask: Ask, what: Listed, product: ProductId | None, field: str | None, value: str | None) -> Draft:
    """All products, one, or one with a setting changed."""
    if product is None:
        return await _list(ask, what)
    if field is None or value is None:
        return item_card(await ask.engine.items.show(product), ask.pen)
    if field == JOIN:
        _, into = await _to_join(ask, product, value)
        joined = await ask.engine.items.join(ask.actor, product, into.id, ask.version)
        card = item_card(await ask.engine.items.show(joined.id), ask.pen)
        return card.model_copy(update={"note": ask.pen("note.joined", id=product, into=joined.id)})
    if field == SPLIT:
        own = await ask.engine.items.split(ask.actor, product, value, ask.version)
        card = item_card(await ask.engine.items.show(own.id), ask.pen)
        return card.model_copy(update={"note": ask.pen("note.split_done", item=value, id=product, own=own.id)})
    before, after = await ask.engine.items.change(ask.actor, product, field, value, ask.version)
    card = item_card(await ask.engine.items.show(product), ask.pen)
    changed = " · ".join(f"{label} {words}" for label, words in differences(before, after, ask.pen))
    note = ask.pen("note.changed", what=changed) if changed else ask.pen("note.kept", what=ask.pen(f"field.{field}"))
    return card.model_copy(update={"note": note})


def _looks(values: Mapping[str, object]) -> bool:
    what = values["what"]
    return values["field"] is None and not (isinstance(what, Listed) and what.how is not None)


ROWS = (
    Command(
        name="item",
        words=("商品",),
        topic="stock",
        role=Role.owner,
        run=item,
        preview=preview_item,
        arguments=(
            optional("what", read_listed, Listed()),
            optional("product", read_product_or_order_or_tell),
            optional("field", choice({**FIELDS, **{name: name for name in FIELDS.values()}, **VERBS})),
            optional("value", read_text),
        ),
        mutating=True,
        looks=_looks,
        in_menu=True,
    ),
)
