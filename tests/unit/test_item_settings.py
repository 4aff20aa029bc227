"""What the owner types on a product, and what is refused with what is allowed."""

import pytest

from core.errors import BadArgument
from core.rules.items import FIELDS, changed, shown
from core.values.fulfilment import ShipMode
from core.values.ids import ProductId
from core.values.money import Fen
from core.values.products import Product, ProductState
from tests import stockroom as room

PRODUCT = Product(id=ProductId(3), title="卡", created_at=room.NOW, updated_at=room.NOW, price_fen=Fen(5000))

READ: list[tuple[str, str, dict[str, object]]] = [
    ("title", " 新名字 ", {"title": "新名字"}),
    ("auto_ship", "开", {"auto_ship": True}),
    ("auto_ship", "OFF", {"auto_ship": False}),
    ("mode", "实物", {"mode": ShipMode.physical}),
    ("delay", "5-30", {"delay_min_minutes": 5, "delay_max_minutes": 30}),
    ("delay", "0", {"delay_min_minutes": 0, "delay_max_minutes": 0}),
    ("delay", "10 到 120", {"delay_min_minutes": 10, "delay_max_minutes": 120}),
    ("price", "¥39.90", {"price_fen": 3990}),
    ("price", "-", {"price_fen": None}),
    ("floor", "50", {"floor_fen": 5000}),
    ("postage", "无", {"postage_fen": 0}),
    ("max_quantity", "3", {"max_quantity": 3}),
    ("max_quantity", "-", {"max_quantity": None}),
    ("low_at", "0", {"low_at": 0}),
    ("carrier", "中通", {"carrier": "中通"}),
    ("text", "卡密：{keys}，单号 {order}", {"delivery_text": "卡密：{keys}，单号 {order}"}),
    ("text", "-", {"delivery_text": None}),
    ("facts", "全新", {"facts": "全新"}),
    ("location", "  A-03  第2层 ", {"location": "A-03 第2层"}),
    ("location", "-", {"location": ""}),
    ("fragile", "是", {"fragile": True}),
    ("fragile", "否", {"fragile": False}),
    ("state", "paused", {"state": ProductState.paused}),
    ("counted", "on", {"counted": True}),
    ("keyed", "on", {"keyed": True, "counted": True}),
]

REFUSED = [
    ("colour", "red", "unknown_field"),
    ("title", "", "bad_length"),
    ("auto_ship", "maybe", "bad_choice"),
    ("mode", "air", "bad_choice"),
    ("delay", "121", "bad_delay"),
    ("delay", "30-5", "bad_delay"),
    ("delay", "-5", "bad_delay"),
    ("price", "NaN", "bad_money"),
    ("price", "1.234", "bad_money"),
    ("price", "-3", "bad_money"),
    ("floor", "50.01", "floor_over_price"),
    ("max_quantity", "0", "bad_number"),
    ("low_at", "１２", "bad_number"),
    ("carrier", "x" * 41, "bad_length"),
    ("text", "给你 {key}", "unknown_placeholder"),
    ("text", "加微信 abc123 领取", "text_stopped"),
    ("facts", "x" * 4001, "bad_length"),
    ("location", "x" * 17, "bad_length"),
    ("location", "x" * 100_000, "bad_length"),
    ("fragile", "也许", "bad_choice"),
    ("state", "gone", "bad_choice"),
    ("counted", "2", "bad_choice"),
]


@pytest.mark.parametrize(("field", "value", "expected"), READ)
def test_a_setting_is_read_as_typed(field: str, value: str, expected: dict[str, object]) -> None:
    assert changed(PRODUCT, field, value) == PRODUCT.model_copy(update={**expected, "configured": True})


@pytest.mark.parametrize(("field", "value", "key"), REFUSED)
def test_what_cannot_be_is_refused_by_name(field: str, value: str, key: str) -> None:
    with pytest.raises(BadArgument) as refused:
        changed(PRODUCT, field, value)
    assert refused.value.key == key


def test_every_setting_is_read_and_shown() -> None:
    assert {field for field, _, _ in READ} == set(FIELDS)
    assert all(shown(PRODUCT, field) for field in FIELDS)


def test_counting_off_empties_the_shelf_and_keys_are_always_counted() -> None:
    assert changed(PRODUCT.model_copy(update={"counted": True, "free": 4}), "counted", "off").free == 0
    with pytest.raises(BadArgument, match="stock_is_keys"):
        changed(PRODUCT.model_copy(update={"keyed": True, "counted": True}), "counted", "off")


def test_only_an_empty_shelf_changes_between_units_and_keys() -> None:
    full = PRODUCT.model_copy(update={"counted": True, "reserved": 1})
    with pytest.raises(BadArgument, match="has_loose_units"):
        changed(full, "keyed", "on")
    assert not changed(full, "keyed", "off").keyed


def test_a_delivery_text_is_recorded_by_its_length_alone() -> None:
    assert "密" not in shown(PRODUCT.model_copy(update={"delivery_text": "密码 1234"}), "text")
