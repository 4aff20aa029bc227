"""The shop's file, and one transaction at a time on it."""

import shutil
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from hypothesis.stateful import RuleBasedStateMachine, initialize

from core.errors import Refused
from core.moves.cause import Cause
from core.store import queries
from core.store.db import Tx, connect, prepare
from core.values.market import MarketEvent
from core.values.people import PLATFORM, SHOP
from tests import stockroom as room
from tests.property.street.truth import Truth


class ShopFile(RuleBasedStateMachine):
    """Each rule is one transaction, as in the shop; a refused one must undo itself."""

    def __init__(self, replaced: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        path, vault = prepare(self.folder)
        self.connection = connect(path)
        self.connection.execute("PRAGMA synchronous = OFF")
        self.tx = Tx(self.connection, {**queries.load(), **(replaced or {})}, vault)
        self.minutes = 0.0
        self.presses = 0
        self.frames = 0
        self.orders: list[Truth] = []
        self.heard: list[MarketEvent] = []

    def teardown(self) -> None:
        self.connection.close()
        shutil.rmtree(self.folder)

    def cause(self, *, person: bool = False, platform: bool = False) -> Cause:
        self.minutes += 0.5
        self.presses += 1
        actor = room.owner(f"press {self.presses}") if person else PLATFORM if platform else SHOP
        return Cause(actor, room.NOW + timedelta(minutes=self.minutes), room.ZONE)

    def once(self, work: object) -> bool:
        """One transaction; whether it was accepted."""
        self.connection.execute("BEGIN")
        try:
            work()  # type: ignore[operator]
        except Refused:
            self.connection.execute("ROLLBACK")
            self.tx.drop_rest()
            return False
        self.tx.write_rest()
        self.connection.execute("COMMIT")
        return True

    def order_id(self, truth: Truth) -> int | None:
        row = self.tx.one("orders.by_no", account_id=1, order_no=truth.order_no)
        return int(row["id"]) if row else None

    @initialize()
    def open(self) -> None:
        def work() -> None:
            account = room.open_account(self.tx)
            keyed = room.add_product(self.tx, account, "keyed", text="给你 {keys}", auto_ship="on", max_quantity="2")
            room.key_up(self.tx, keyed, [f"KEY-{n:04}" for n in range(3)])
            counted = room.add_product(self.tx, account, "counted", text="给你", auto_ship="on")
            room.stock_up(self.tx, counted, 3)
            room.add_product(self.tx, account, "endless", text="给你", auto_ship="on")
            room.add_product(self.tx, account, "parcel", mode="physical", auto_ship="on")

        assert self.once(work)
