"""Stock and card keys."""

from bot.auth import Request
from bot.cards.card import Draft
from bot.cards.stock import import_question, imported_words, list_card, set_question, stock_card
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import KeptKeys, choice, read_keys, read_product, read_quantity, split_keys
from bot.commands.words import read_line
from core.errors import NotFound
from core.values.ids import InboxId, ProductId
from core.values.people import Role
from core.values.views import StockRow

LOW = {"low": "low", "不足": "low", "缺": "low"}


async def show_stock(ask: Ask, low: str | None, product: ProductId | None) -> Draft:
    """All stock, what is low, or one product."""
    if product is not None:
        return stock_card(await _row(ask, product), ask.pen)
    rows = await ask.engine.stock.list(low is not None)
    return list_card(rows, ask.pen, low_only=low is not None)


async def _row(ask: Ask, product: ProductId) -> StockRow:
    row = next((row for row in await ask.engine.stock.list() if row.product.id == product), None)
    if row is None:
        raise NotFound("no_such_product", word=f"p{product}")
    return row


async def preview_set(ask: Ask, product: ProductId, quantity: int | None) -> Draft:
    """Old number → new number."""
    view = await ask.engine.items.show(product)
    return set_question(view.product, quantity, ask.pen)


async def set_stock(ask: Ask, product: ProductId, quantity: int | None) -> Draft:
    """Write the free number, or that there is no end."""
    stock = ask.engine.stock
    if quantity is None:
        await stock.set_unlimited(ask.actor, product, ask.version)
    else:
        await stock.set_free(ask.actor, product, quantity, ask.version)
    return await show_stock(ask, None, product)


async def preview_import(ask: Ask, product: ProductId, keys: tuple[str, ...] | KeptKeys) -> Draft:
    """What the import would add. The button names the stored request: keys stand nowhere but in the vault (law 11)."""
    kept = keys.kept if isinstance(keys, KeptKeys) else ask.kept
    preview = await ask.engine.stock.preview_keys(product, await _lines(ask, keys))
    return import_question(preview, ask.pen, f"import p{product} kept:{kept}")


async def import_keys(ask: Ask, product: ProductId, keys: tuple[str, ...] | KeptKeys) -> Draft:
    """Add the keys."""
    added = await ask.engine.stock.add_keys(ask.actor, product, await _lines(ask, keys))
    return stock_card(await _row(ask, product), ask.pen, remark=imported_words(added, ask.pen))


async def _lines(ask: Ask, keys: tuple[str, ...] | KeptKeys) -> tuple[str, ...]:
    """The keys themselves; those of a stored request only for the person who made it."""
    if not isinstance(keys, KeptKeys):
        return keys
    body = await ask.engine.requests.find(InboxId(keys.kept))
    asked = Request.model_validate_json(body) if body else None
    if asked is None or asked.who != ask.request.who or asked.words is None:
        raise NotFound("import_gone")
    return split_keys(read_line(asked.words).tail, asked.attachment)


ROWS = (
    Command(
        name="stock",
        words=("库存",),
        topic="stock",
        role=Role.viewer,
        run=show_stock,
        arguments=(optional("low", choice(LOW, skip=True)), optional("product", read_product)),
        in_menu=True,
    ),
    Command(
        name="setstock",
        words=("改库存",),
        topic="stock",
        role=Role.owner,
        run=set_stock,
        preview=preview_set,
        arguments=(required("product", read_product), required("quantity", read_quantity)),
        mutating=True,
    ),
    Command(
        name="import",
        words=("导入卡密", "导入"),
        topic="stock",
        role=Role.owner,
        run=import_keys,
        preview=preview_import,
        arguments=(required("product", read_product), required("keys", read_keys)),
        mutating=True,
        in_menu=True,
    ),
)
