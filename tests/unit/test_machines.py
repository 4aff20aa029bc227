"""The two machines: every move the tables have, every move they refuse, and the shortest way a record is walked."""

import itertools

import pytest

from core.errors import IllegalMove
from core.rules.fulfilment import FULFILMENTS, OPEN, FulfilmentEvent
from core.rules.machine import Machine
from core.rules.orders import ORDERS, STATE_OF_STATUS, OrderEvent, is_behind, steps_to
from core.values.fulfilment import FulfilmentState
from core.values.orders import OrderState, PlatformStatus

S, F, E = OrderState, FulfilmentState, FulfilmentEvent
MACHINES = ((ORDERS, OrderState, OrderEvent), (FULFILMENTS, FulfilmentState, FulfilmentEvent))
PAIRS = [
    pytest.param(machine, state, event, id=f"{machine.name}-{state}-{event}")
    for machine, states, events in MACHINES
    for state, event in itertools.product(states, events)
]


@pytest.mark.parametrize(("machine", "state", "event"), PAIRS)
def test_a_move_is_in_the_table_or_refused(machine: Machine, state: str, event: str) -> None:
    after = machine.moves[state].get(event)
    assert machine.allows(state, event) is (after is not None)
    if after is not None:
        assert machine.next(state, event) is after
        return
    with pytest.raises(IllegalMove) as refused:
        machine.next(state, event)
    assert refused.value.facts == {"machine": machine.name, "state": state, "event": event}


@pytest.mark.parametrize("machine", [ORDERS, FULFILMENTS], ids=lambda machine: machine.name)
def test_every_state_has_its_row_and_the_diagram_shows_every_move(machine: Machine) -> None:
    states = {type(next(iter(machine.born)))(state) for state in machine.moves}
    assert states == set(type(next(iter(machine.born))))
    lines = machine.diagram().splitlines()
    moves = [(state, event, after) for state, row in machine.moves.items() for event, after in row.items()]
    assert len(lines) == 1 + len(machine.born) + len(moves)
    assert all(f"    {state} --> {after}: {event}" in lines for state, event, after in moves)


def test_an_order_is_born_anywhere_and_a_fulfilment_only_where_something_is_to_be_decided() -> None:
    assert ORDERS.born == frozenset(S)
    assert FULFILMENTS.born == {F.scheduled, F.awaiting_approval, F.manual, F.short}


def test_only_a_person_lets_go_what_waits_for_a_person() -> None:
    """Law 9: neither time nor an error leads from these states to a shipment."""
    for state in (F.awaiting_approval, F.held, F.failed, F.unknown):
        assert not {E.due, E.succeed, E.schedule, E.again} & set(FULFILMENTS.events(state))


def test_the_platforms_word_ends_every_open_fulfilment() -> None:
    assert set(F) - OPEN == {F.succeeded, F.cancelled}
    for state in OPEN:
        assert FULFILMENTS.next(state, E.seen_shipped) is F.succeeded
        assert FULFILMENTS.next(state, E.close) is F.cancelled
    for state in set(F) - OPEN:
        assert FULFILMENTS.events(state) == ()


@pytest.mark.parametrize(
    ("state", "status", "steps"),
    [
        (S.pending_payment, PlatformStatus.shipped, (OrderEvent.pay, OrderEvent.ship)),
        (S.pending_payment, PlatformStatus.completed, (OrderEvent.pay, OrderEvent.ship, OrderEvent.complete)),
        (S.pending_payment, PlatformStatus.refunding, (OrderEvent.pay, OrderEvent.ask_refund)),
        (S.pending_ship, PlatformStatus.refunded, (OrderEvent.cancel,)),
        (S.refunding, PlatformStatus.pending_ship, (OrderEvent.withdraw_to_pending_ship,)),
        (S.refunding, PlatformStatus.refunded, (OrderEvent.refund,)),
        (S.shipped, PlatformStatus.shipped, ()),
        (S.shipped, PlatformStatus.rated, (OrderEvent.complete,)),
        (S.cancelled, PlatformStatus.shipped, None),
        (S.shipped, PlatformStatus.pending_ship, None),
        (S.refunding, PlatformStatus.pending_payment, None),
    ],
)
def test_a_record_is_walked_by_the_shortest_legal_way(
    state: OrderState, status: PlatformStatus, steps: tuple[OrderEvent, ...] | None
) -> None:
    assert steps_to(state, status, record=True) == steps


@pytest.mark.parametrize(("state", "status"), list(itertools.product(OrderState, PlatformStatus)))
def test_a_frame_moves_one_step_at_most_and_a_record_arrives(state: OrderState, status: PlatformStatus) -> None:
    by_record, by_frame = (steps_to(state, status, record=record) for record in (True, False))
    if by_record is None:
        assert by_frame is None
        return
    at = state
    for event in by_record:
        at = ORDERS.next(at, event)
        assert at is STATE_OF_STATUS[status] or at not in (S.refunding, S.cancelled), "a refund is told, never guessed"
    assert at is STATE_OF_STATUS[status]
    assert by_frame == (by_record if len(by_record) <= 1 else None)


@pytest.mark.parametrize(("state", "status"), list(itertools.product(OrderState, PlatformStatus)))
def test_what_is_behind_is_never_also_a_step(state: OrderState, status: PlatformStatus) -> None:
    if is_behind(state, status):
        assert not steps_to(state, status, record=False)
