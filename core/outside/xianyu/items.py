"""Items as the platform tells them (facts: pc.detail, item.list)."""

from core.outside.xianyu.amounts import fen_of
from core.outside.xianyu.fields import Fields, as_fields, fields_at, id_at, list_at, number_at, text_at
from core.values.ids import ItemId
from core.values.money import Fen
from core.values.products import ItemRecord

_MADE_BY_PLATFORM = "auto_"


def item_of_detail(item_id: ItemId, data: Fields) -> ItemRecord | None:
    """The record of one item; its variants' prices come in cents, its own in yuan."""
    item = fields_at(data, "itemDO")
    if not item:
        return None
    return ItemRecord(
        item_id=item_id,
        title=text_at(item, "title") or "",
        description=text_at(item, "desc") or "",
        price_fen=fen_of(item.get("soldPrice")),
        quantity=number_at(item, "quantity"),
        specs=tuple(_spec(as_fields(sku)) for sku in list_at(item, "skuList")),
    )


def items_of_list(data: Fields) -> tuple[tuple[ItemRecord, ...], int]:
    """The items of one page, and how many cards it had: the platform's own `auto_…` cards are left out."""
    cards = [fields_at(as_fields(card), "cardData") for card in list_at(data, "cardList")]
    found = [(id_at(fields_at(card, "detailParams"), "itemId") or id_at(card, "id"), card) for card in cards]
    items = tuple(
        ItemRecord(
            item_id=ItemId(item_id),
            title=text_at(card, "title") or "",
            price_fen=fen_of(fields_at(card, "priceInfo").get("price")),
        )
        for item_id, card in found
        if item_id and not item_id.startswith(_MADE_BY_PLATFORM)
    )
    return items, len(cards)


def _spec(sku: Fields) -> tuple[str, Fen | None]:
    parts = [as_fields(part) for part in list_at(sku, "propertyList")]
    name = ";".join(f"{text_at(part, 'propertyText') or ''}:{text_at(part, 'valueText') or ''}" for part in parts)
    cents = number_at(sku, "price")
    return name, Fen(cents) if cents is not None else None
