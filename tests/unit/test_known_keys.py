"""Whether keys are known is asked in the writer's thread: the whole shop waits for the answer."""

import sqlite3
from contextlib import closing
from pathlib import Path

import orjson

from core.store.queries import load
from core.store.schema import migrate

PRODUCTS, GIVEN = 300, 1000
STEPS = 50
"""Of SQLite's machine, for a key: as many as a look at one product with keys takes, and not at every product."""


def test_a_thousand_keys_are_not_looked_for_in_every_product(tmp_path: Path) -> None:
    migrate(tmp_path / "shop.db")
    with closing(sqlite3.connect(tmp_path / "shop.db")) as file:
        file.executemany(
            "INSERT INTO products (id, title, delay_min_minutes, delay_max_minutes, low_at, created_at, updated_at) "
            "VALUES (?, 'x', 0, 0, 0, 0, 0)",
            [(n,) for n in range(1, PRODUCTS + 1)],
        )
        file.executemany(
            "INSERT INTO card_keys (product_id, secret, fingerprint, state, added_at, changed_at) "
            "VALUES (7, x'00', ?, 'free', 0, 0)",
            [(f"known-{n}",) for n in range(GIVEN // 2)],
        )
        counted = [0]
        file.set_progress_handler(lambda: counted.__setitem__(0, counted[0] + 1), 100)
        prints = orjson.dumps([f"known-{n}" for n in range(GIVEN)]).decode()
        found = file.execute(load()["stock.known_keys"], {"prints": prints}).fetchall()
    assert len(found) == GIVEN // 2
    assert counted[0] * 100 < STEPS * GIVEN
