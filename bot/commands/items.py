"""How products are set up."""

from bot.cards.card import Draft
from bot.cards.items import change_question, differences, item_card, list_card
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import choice, read_product_or_order, read_text
from core.errors import BadArgument
from core.values.ids import ProductId
from core.values.people import Role

FIELDS = {
    "标题": "title", "自动发货": "auto_ship", "类型": "mode", "延迟": "delay", "价格": "price", "底价": "floor",
    "邮费": "postage", "限购": "max_quantity", "预警": "low_at", "快递": "carrier", "内容": "text", "文案": "text",
    "说明": "facts", "状态": "state", "计数": "counted", "卡密": "keyed",
}  # fmt: skip
"""Chinese names of the settings; the Latin ones are the engine's."""


async def preview_item(ask: Ask, product: ProductId | None, field: str | None, value: str | None) -> Draft | None:
    """A change is asked about as old → new; looking needs no question."""
    if product is None or field is None:
        return None
    if value is None:
        raise BadArgument("argument_missing", argument="value", command="item")
    before, after = await ask.engine.items.preview_change(product, field, value)
    return change_question(before, after, field, ask.repeat, ask.pen)


async def item(ask: Ask, product: ProductId | None, field: str | None, value: str | None) -> Draft:
    """All products, one, or one with a setting changed."""
    if product is None:
        return list_card(await ask.engine.items.list(), ask.pen)
    if field is None or value is None:
        return item_card(await ask.engine.items.show(product), ask.pen)
    before, after = await ask.engine.items.change(ask.actor, product, field, value, ask.version)
    card = item_card(await ask.engine.items.show(product), ask.pen)
    changed = " · ".join(f"{label} {words}" for label, words in differences(before, after, ask.pen))
    note = ask.pen("note.changed", what=changed) if changed else ask.pen("note.kept", what=ask.pen(f"field.{field}"))
    return card.model_copy(update={"note": note})


ROWS = (
    Command(
        name="item",
        words=("商品",),
        topic="stock",
        role=Role.owner,
        run=item,
        preview=preview_item,
        arguments=(
            optional("product", read_product_or_order),
            optional("field", choice({**FIELDS, **{name: name for name in FIELDS.values()}})),
            optional("value", read_text),
        ),
        mutating=True,
        looks=lambda values: values["field"] is None,
        in_menu=True,
    ),
)
