"""How a paid order ships: when, by whom, with which words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import Shipping
from core.errors import BadArgument
from core.rules.shipping import check_tracking, delivery_text, due_at, is_escalation, next_reminder_at, plan
from core.values.fulfilment import FulfilmentState, RiskKind, RiskReason, ShipMode
from core.values.ids import ProductId
from core.values.products import Product, ProductState

NOW = datetime(2026, 5, 1, tzinfo=UTC)
VIRTUAL = Product(
    id=ProductId(1),
    title="会员月卡",
    configured=True,
    auto_ship=True,
    keyed=True,
    delivery_text="订单{order}的{title}：{keys}",
    created_at=NOW,
    updated_at=NOW,
)
PARCEL = VIRTUAL.model_copy(update={"mode": ShipMode.physical})
RISKY = (RiskReason(kind=RiskKind.blocked_buyer),)


def test_virtual_goods_are_due_at_once():
    made = plan(VIRTUAL, (), needs_postage=False, now=NOW, dice=0.7)
    assert (made.state, made.due_at) == (FulfilmentState.scheduled, NOW)


@given(st.floats(0, 1), st.integers(0, 120), st.integers(0, 120))
def test_a_parcels_wait_lies_within_its_range(dice: float, one: int, other: int):
    low, high = sorted((one, other))
    product = PARCEL.model_copy(update={"delay_min_minutes": low, "delay_max_minutes": high})
    assert timedelta(minutes=low) <= due_at(product, NOW, dice) - NOW <= timedelta(minutes=high)


@pytest.mark.parametrize(
    ("product", "reason"),
    [
        (None, "unconfigured"),
        (VIRTUAL.model_copy(update={"configured": False}), "unconfigured"),
        (VIRTUAL.model_copy(update={"auto_ship": False}), "auto_ship_off"),
        (VIRTUAL.model_copy(update={"state": ProductState.paused}), "product_paused"),
        (VIRTUAL.model_copy(update={"keyed": False, "delivery_text": None}), "no_text"),
        (PARCEL, "tracking_needed"),
    ],
)
def test_what_cannot_go_by_itself_is_manual_with_its_reason(product: Product | None, reason: str):
    made = plan(product, RISKY, needs_postage=True, now=NOW, dice=0)
    assert (made.state, made.reason) == (FulfilmentState.manual, reason)


def test_a_risk_asks_the_owner():
    made = plan(VIRTUAL, RISKY, needs_postage=False, now=NOW, dice=0)
    assert (made.state, made.due_at) == (FulfilmentState.awaiting_approval, None)


@pytest.mark.parametrize("good", ["SF123456", "sf 1234-5678 90", "1" * 30])
def test_a_tracking_number_has_eight_to_thirty_letters_or_digits(good: str):
    assert 8 <= len(check_tracking(good)) <= 30


@pytest.mark.parametrize("bad", ["", "1234567", "1" * 31, "单号SF123456", "SF12345!8"])
def test_anything_else_is_refused(bad: str):
    with pytest.raises(BadArgument):
        check_tracking(bad)


def test_the_delivery_text_gets_its_keys_order_and_title():
    assert delivery_text(VIRTUAL, ("K1", "K2"), "77") == "订单77的会员月卡：K1\nK2"
    bare = VIRTUAL.model_copy(update={"delivery_text": "请查收"})
    assert delivery_text(bare, ("K1",), "77") == "请查收\nK1"
    assert delivery_text(VIRTUAL.model_copy(update={"delivery_text": None}), ("K1",), "77") == "K1"


def test_reminders_come_after_two_eight_and_twenty_hours():
    due = [next_reminder_at(NOW, sent, Shipping()) for sent in range(5)]
    hours = [(at - NOW).total_seconds() / 3600 for at in due if at]
    assert hours[:2] == [2, 8]
    assert set(hours) == {2, 8, 20}
    assert due[-1] is None


def test_four_hours_before_the_platforms_deadline_it_escalates():
    assert not is_escalation(NOW, NOW + timedelta(hours=19.9), Shipping())
    assert is_escalation(NOW, NOW + timedelta(hours=20), Shipping())


def test_a_key_that_looks_like_a_place_stays_as_it_is():
    assert delivery_text(VIRTUAL, ("{order}-{title}",), "77") == "订单77的会员月卡：{order}-{title}"


def test_a_text_that_promises_keys_never_goes_without():
    bare = VIRTUAL.model_copy(update={"keyed": False})
    assert plan(bare, (), needs_postage=False, now=NOW, dice=0).reason == "no_keys"
