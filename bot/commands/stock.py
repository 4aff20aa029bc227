"""Stock and card keys."""

from bot.cards.card import Draft
from bot.cards.keeps import locks_card
from bot.cards.stock import (
    choose_keyed,
    import_question,
    imported_words,
    list_card,
    return_question,
    set_question,
    stock_card,
    void_question,
)
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import choice, read_keys, read_number, read_order, read_product, read_quantity
from bot.commands.sellers import maybe_part, read_product_or_tell
from core.errors import NotFound
from core.values.ids import OrderId, ProductId
from core.values.people import Role
from core.values.sellers import Part
from core.values.views import StockRow

LOW, LOCKS = "low", "locks"
CHOICES = {"low": LOW, "不足": LOW, "缺": LOW, "locks": LOCKS, "占用": LOCKS, "留货": LOCKS}


async def show_stock(ask: Ask, which: str | None, part: Part | None, product: ProductId | None) -> Draft:
    """All stock, what is low, what is kept for somebody, what some accounts sell, or one product."""
    if product is not None:
        return stock_card(await _row(ask, product), ask.pen)
    accounts, low = part.accounts if part else None, which == LOW
    rows = await ask.engine.stock.list(low, accounts)
    if which == LOCKS:
        return locks_card(await ask.engine.keeps.list(accounts), rows, ask.pen, part=part)
    return list_card(rows, ask.pen, low_only=low, part=part)


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
    return await show_stock(ask, None, None, product)


async def preview_import(ask: Ask, product: ProductId | None, keys: tuple[str, ...]) -> Draft:
    """What the import would add; without a product: whose keys these are."""
    if product is None:
        return choose_keyed(await ask.engine.stock.list(), len(keys), ask.pen, ask.repeat)
    return import_question(await ask.engine.stock.preview_keys(product, keys), ask.pen, ask.repeat)


async def import_keys(ask: Ask, product: ProductId | None, keys: tuple[str, ...]) -> Draft:
    """Add the keys."""
    if product is None:
        return await preview_import(ask, None, keys)
    added = await ask.engine.stock.add_keys(ask.actor, product, keys)
    return stock_card(await _row(ask, product), ask.pen, remark=imported_words(added, ask.pen))


async def preview_void(ask: Ask, product: ProductId, keys: tuple[str, ...]) -> Draft:
    """Which of the keys are still to be sold."""
    return void_question(await ask.engine.stock.preview_void(product, keys), ask.pen, ask.repeat)


async def void_keys(ask: Ask, product: ProductId, keys: tuple[str, ...]) -> Draft:
    """Keys given away elsewhere are never sold."""
    n = await ask.engine.stock.void_keys(ask.actor, product, keys)
    return stock_card(await _row(ask, product), ask.pen, remark=ask.pen("note.voided", n=n))


async def preview_return(ask: Ask, order: OrderId, units: int | None) -> Draft:
    """How many would be on the shelf again."""
    return return_question(await ask.engine.stock.preview_return(order, units), ask.pen)


async def take_in(ask: Ask, order: OrderId, units: int | None) -> Draft:
    """Goods that came back are sold again."""
    found = await ask.engine.stock.preview_return(order, units)
    product = await ask.engine.stock.take_in(ask.actor, order, found.quantity, ask.version)
    return stock_card(await _row(ask, product), ask.pen, remark=ask.pen("note.returned", id=order, n=found.quantity))


ROWS = (
    Command(
        name="stock",
        words=("库存",),
        topic="stock",
        role=Role.viewer,
        run=show_stock,
        arguments=(
            optional("which", choice(CHOICES, skip=True)),
            optional("part", maybe_part),
            optional("product", read_product_or_tell),
        ),
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
        arguments=(optional("product", read_product), required("keys", read_keys)),
        mutating=True,
        in_menu=True,
    ),
    Command(
        name="void_keys",
        words=("作废卡密",),
        topic="stock",
        role=Role.owner,
        run=void_keys,
        preview=preview_void,
        arguments=(required("product", read_product), required("keys", read_keys)),
        mutating=True,
    ),
    Command(
        name="returned",
        words=("退货入库", "退货"),
        topic="stock",
        role=Role.owner,
        run=take_in,
        preview=preview_return,
        arguments=(required("order", read_order), optional("units", read_number)),
        mutating=True,
    ),
)
