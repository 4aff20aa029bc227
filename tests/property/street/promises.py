"""What must hold after every event."""

from hypothesis.stateful import invariant

from core.store import books, fulfilments
from core.values.orders import OrderState
from tests import stockroom as room
from tests.property.street.owner import Owner


class Street(Owner):
    """The books are right, and nobody got goods unpaid, twice, or with another buyer's key."""

    @invariant()
    def the_books_are_right(self) -> None:
        wrong = books.find_wrong(self.connection, room.ZONE)
        assert not wrong, "\n".join(map(str, wrong))

    @invariant()
    def nobody_got_goods_unpaid_or_twice(self) -> None:
        for truth in self.orders:
            assert truth.was_paid or not truth.texts
            assert len(set(truth.texts)) <= 1, "a second text, or another key"
            assert len(truth.texts) <= 1 or truth.doubted, "sent again although nobody asked for it"
            assert truth.shipped <= 1

    @invariant()
    def no_two_buyers_have_the_same_key(self) -> None:
        texts = [truth.texts[0] for truth in self.orders if truth.texts and "-" in truth.texts[0]]
        out = [key for text in texts for key in text.removeprefix("给你 ").split("\n")]
        assert len(out) == len(set(out))

    @invariant()
    def what_a_buyer_may_have_is_never_free(self) -> None:
        free = {
            self.tx.vault.text(row["secret"])
            for row in self.connection.execute("SELECT secret FROM card_keys WHERE state = 'free'")
        }
        assert not [key for key in free for truth in self.orders for text in truth.texts if key in text]

    @invariant()
    def every_paid_order_has_its_task_or_is_being_read(self) -> None:
        for row in self.connection.execute("SELECT id, state FROM orders WHERE state = 'pending_ship'"):
            task = fulfilments.find(self.tx, row["id"])
            live = self.tx.all("outbox.live_of_order", order_id=row["id"])
            assert task is not None or live, f"order {row['id']} is forgotten"
            assert row["state"] == OrderState.pending_ship
