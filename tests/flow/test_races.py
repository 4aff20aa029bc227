"""Many at once on one file: an effect is claimed once, a step is taken once, an answer counts once.

The negative controls take the guard out of its statement and must then see the same load do it twice.
"""

import asyncio
import multiprocessing
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from itertools import chain
from pathlib import Path

from core.clock import to_ms
from core.errors import IllegalMove
from core.moves import by_hand, decisions
from core.moves.apply import apply
from core.moves.step import FulfilmentStep
from core.rules.fulfilment import FulfilmentEvent
from core.store import outbox
from core.store.db import Store, Tx
from core.store.outbox import Due
from core.values.effects import EffectKind, EffectState
from core.values.orders import PlatformStatus
from tests import stockroom as room

ORDERS = 40
PROCESSES = 4
CLAIM_ANYTHING = {
    "outbox.claim": "UPDATE outbox SET state = 'claimed', attempts = attempts + :trying, asked = asked + 1 - :trying, "
    "run = :run, lease_until = :lease_until, tried_at = :now WHERE id = :id AND :state = :state RETURNING id, "
    "account_id, 'a' AS account, kind, key, order_id, chat_id, body, :state AS state, attempts, asked, tried_at, "
    "created_at"
}
MOVE_ANYTHING = {
    "fulfilments.move": "UPDATE fulfilments SET state = :state, version = version + 1, due_at = :due_at, "
    "planned_at = :planned_at, reason = :reason, remind_at = :remind_at, updated_at = :now "
    "WHERE order_id = :id AND :version = :version"
}
SEE_ANYTHING = {"orders.view_version": "SELECT 2 AS version FROM orders WHERE id = :id"}


def fill(tx: Tx) -> None:
    """Paid orders, each with a shipment that is due."""
    account = room.open_account(tx)
    room.add_product(tx, account, "i1", text="给你", auto_ship="on")
    for n in range(1, ORDERS + 1):
        room.learn(tx, account, room.record(n, "i1", PlatformStatus.pending_ship))


def claim_all(tx: Tx, run: str) -> list[int]:
    """Take every effect of the shipments; the ids of those that were taken."""
    later = room.NOW + timedelta(minutes=5)
    dues = [Due(n, "小店", EffectKind.confirm, EffectState.waiting) for n in range(1, ORDERS + 1)]
    taken = [outbox.claim(tx, due, run, later, room.NOW) for due in dues]
    return [effect.id for effect in taken if effect is not None]


async def in_one_process(data_dir: Path, replaced: Mapping[str, str], run: str) -> list[int]:
    store = await Store.open(data_dir, replaced)
    try:
        works = [lambda tx, n=n: claim_all(tx, f"{run}-{n}") for n in range(4)]
        return list(chain(*await asyncio.gather(*(store.write(work) for work in works))))
    finally:
        await store.close()


def process(data_dir: Path, replaced: dict[str, str], run: str) -> list[int]:
    return asyncio.run(in_one_process(data_dir, replaced, run))


async def claimed(data_dir: Path, replaced: Mapping[str, str]) -> list[int]:
    """What four processes took, all told."""
    store = await Store.open(data_dir)
    await store.write(fill)
    for n in range(1, ORDERS + 1):
        await store.write(lambda tx, n=n: room.begin(tx, n))
    await store.close()
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        runs = [loop.run_in_executor(pool, process, data_dir, dict(replaced), f"p{n}") for n in range(PROCESSES)]
        return list(chain(*await asyncio.gather(*runs)))


async def test_four_processes_claim_each_effect_once(tmp_path: Path) -> None:
    taken = await claimed(tmp_path, {})
    assert sorted(taken) == list(range(1, ORDERS + 1))


async def test_without_the_condition_the_same_load_claims_twice(tmp_path: Path) -> None:
    taken = await claimed(tmp_path, CLAIM_ANYTHING)
    assert len(taken) > ORDERS


async def test_a_shipment_that_falls_due_in_four_places_begins_once(tmp_path: Path) -> None:
    stores = [await Store.open(tmp_path) for _ in range(4)]
    await stores[0].write(fill)
    due = FulfilmentStep(1, FulfilmentEvent.due)
    results = await asyncio.gather(
        *(store.write(lambda tx: apply(tx, room.cause(), room.TERMS, due)) for store in stores for _ in range(5)),
        return_exceptions=True,
    )
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert all(isinstance(result, IllegalMove) for result in results if isinstance(result, Exception))
    rows = await stores[0].people.all("outbox.live_of_order", order_id=1)
    assert [row["kind"] for row in rows] == ["confirm"]
    for store in stores:
        await store.close()


async def move_twice(data_dir: Path, replaced: Mapping[str, str]) -> list[int]:
    """Two who saw the same version write their step one after the other; how many rows each changed."""
    stores = [await Store.open(data_dir, replaced) for _ in range(2)]
    await stores[0].write(fill)
    seen = [await store.people.one("fulfilments.state", id=1) for store in stores]

    def move(tx: Tx, version: int) -> int:
        facts = {"due_at": None, "planned_at": None, "reason": None, "remind_at": None, "now": to_ms(room.NOW)}
        return tx.run("fulfilments.move", id=1, state="held", version=version, **facts)

    versions = [row["version"] for row in seen if row is not None]
    changed = [await s.write(lambda tx, v=v: move(tx, v)) for s, v in zip(stores, versions, strict=True)]
    for store in stores:
        await store.close()
    return changed


async def test_a_step_for_a_version_that_is_gone_changes_nothing(tmp_path: Path) -> None:
    assert await move_twice(tmp_path, {}) == [1, 0]


async def test_without_the_version_check_both_steps_are_written(tmp_path: Path) -> None:
    assert await move_twice(tmp_path, MOVE_ANYTHING) == [1, 1]


async def hold_and_ship(data_dir: Path, replaced: Mapping[str, str]) -> list[object]:
    """Two people look at the same card; one holds the order, the other ships it by the button he sees."""
    store = await Store.open(data_dir, replaced)
    await store.write(fill)
    cause = room.cause(actor=room.owner("one")), room.cause(actor=room.owner("two"))
    works = [
        lambda tx: by_hand.hold(tx, cause[0], room.TERMS, 1, "", 2),
        lambda tx: by_hand.ship(tx, cause[1], room.TERMS, 1, 2, None, None),
    ]
    results = await asyncio.gather(*(store.write(work) for work in works), return_exceptions=True)
    await store.close()
    return list(results)


async def test_a_button_of_a_card_that_changed_does_nothing(tmp_path: Path) -> None:
    held, shipped = await hold_and_ship(tmp_path, {})
    assert held is None
    assert isinstance(shipped, IllegalMove)
    assert shipped.key == "changed_meanwhile"


async def test_without_looking_at_the_version_it_ships_what_was_held(tmp_path: Path) -> None:
    assert await hold_and_ship(tmp_path, SEE_ANYTHING) == [None, None]


async def test_in_four_places_one_answer_counts(tmp_path: Path) -> None:
    stores = [await Store.open(tmp_path) for _ in range(4)]

    def risky(tx: Tx) -> None:
        account = room.open_account(tx)
        room.add_product(tx, account, "i1", text="给你", auto_ship="on", max_quantity="1")
        room.learn(tx, account, room.record(1, "i1", PlatformStatus.pending_ship, quantity=2))

    await stores[0].write(risky)
    works = [
        lambda tx, n=n: decisions.approve(tx, room.cause(actor=room.owner(f"r{n}")), room.TERMS, 1, None)
        for n in range(20)
    ]
    results = await asyncio.gather(*(stores[n % 4].write(work) for n, work in enumerate(works)), return_exceptions=True)
    assert sum(result is None for result in results) == 1
    assert {error.key for error in results if isinstance(error, IllegalMove)} == {"already_decided"}
    for store in stores:
        await store.close()


async def test_the_same_command_twice_acts_once(tmp_path: Path) -> None:
    """Law 8: the act's row is unique on the request, so a command walked again after a crash is refused."""
    store = await Store.open(tmp_path)
    await store.write(fill)
    cause = room.cause(actor=room.owner("same"))
    works = [lambda tx: by_hand.delay(tx, cause, 1, room.NOW + timedelta(hours=1), None)] * 6
    results = await asyncio.gather(*(store.write(work) for work in works), return_exceptions=True)
    assert sum(result is None for result in results) == 1
    await store.close()
