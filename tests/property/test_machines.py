"""Orders, shipments, stock and keys under a random platform, a random line and a random owner.

A small platform knows the truth of each order; the shop hears of it late, twice and out of order, performs its effects
with every outcome the wire has, and its owner presses whatever he likes. After every event the books must be right, and
the platform's own record must show that nobody got goods unpaid, twice, or with another buyer's key.
"""

import random
import sqlite3
from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, settings

from tests.property.street.promises import Street
from tests.property.street.truth import CHOICES, FATES, HAPPENS, ITEMS, PRESSES

Street.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
test_random_days_keep_every_promise = Street.TestCase


def step(street: Street, dice: random.Random) -> None:
    """One random event, of those that can happen now."""
    pick = dice.randrange(24)
    if len(street.orders) < 3 or (len(street.orders) < 8 and dice.random() < 0.05):
        return street.a_buyer_orders(
            dice.choice((*ITEMS, "keyed", "keyed", "keyed")), dice.choice((1, 1, 1, 2, 3)), dice.random() < 0.8
        )
    events: list[tuple[int, bool, Callable[[], None]]] = [
        (30, bool(street._due()), lambda: street.an_effect_is_tried(pick, dice.choice(FATES))),
        (12, bool(street.heard), lambda: street.a_frame_comes(pick)),
        (12, True, lambda: street.a_record_is_read(pick)),
        (12, True, street.what_is_due_is_taken),
        (12, True, lambda: street.the_owner_presses(pick, dice.choice(PRESSES))),
        (10, True, lambda: street.the_buyer_or_the_app_acts(pick, dice.choice(HAPPENS))),
        (3, True, lambda: street.units_arrive(dice.randint(1, 2))),
        (1, True, lambda: street.old_orders_are_taken(dice.random() < 0.5)),
        (3, True, lambda: street.the_shop_works_undisturbed(2, False)),
        (12, bool(street._asking()), lambda: street.the_platform_cannot_tell(pick)),
        (12, any(one.doubted for one in street.orders), lambda: street.the_owner_settles(pick, dice.choice(CHOICES))),
    ]
    able = [(weight, act) for weight, can, act in events if can]
    return dice.choices([act for _, act in able], [weight for weight, _ in able])[0]()


def check(street: Street) -> None:
    """Every invariant."""
    street.the_books_are_right()
    street.nobody_got_goods_unpaid_or_twice()
    street.no_two_buyers_have_the_same_key()
    street.what_a_buyer_may_have_is_never_free()
    street.every_paid_order_has_its_task_or_is_being_read()


def live(seed: int, length: int, replaced: Mapping[str, str] | None = None) -> None:
    """A long random day; the same seed gives the same day."""
    street, dice = Street(replaced), random.Random(seed)
    try:
        street.open()
        for _ in range(length):
            step(street, dice)
            check(street)
    finally:
        street.teardown()


@pytest.mark.parametrize("seed", range(24))
def test_a_long_random_day_keeps_every_promise(seed: int) -> None:
    live(seed, 120)


CONTROLS = {
    "a doubtful key is sold again": {"outbox.text_out": "SELECT 1 FROM outbox WHERE 0 AND order_id = :order_id"},
    "what was sent is forgotten": {
        "fulfilments.set_text_sent": "UPDATE fulfilments SET text_sent = 0 WHERE order_id = :id"
    },
    "units are taken twice": {
        "stock.reserve": "UPDATE products SET free = max(free - :quantity, 0), reserved = reserved + :quantity, "
        "version = version + 1, updated_at = :now WHERE id = :product_id AND counted = 1"
    },
    "what was planned is not dropped": {
        "outbox.cancel_of_order": "UPDATE outbox SET done_at = :now WHERE 0 AND order_id = :order_id"
    },
}


def is_caught(seed: int, replaced: Mapping[str, str]) -> bool:
    """Whether a day shows that something is wrong."""
    try:
        live(seed, 150, replaced)
    except (AssertionError, sqlite3.IntegrityError):
        return True
    return False


@pytest.mark.parametrize("fault", CONTROLS)
def test_random_days_find_a_shop_in_which(fault: str) -> None:
    assert any(is_caught(seed, CONTROLS[fault]) for seed in range(80))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_many_long_random_days_keep_every_promise(seed: int) -> None:
    live(seed, 250)
