"""The two machines are the ones of laws.md, and the README shows them as they are."""

import re

import pytest

from core.rules.fulfilment import FULFILMENTS, OPEN
from core.rules.machine import Machine
from core.rules.orders import ORDERS
from tests.house.readme import printed

ORDER_LAW = """
pending_payment: pending_ship, cancelled
pending_ship: shipped, refunding, cancelled
shipped: completed, refunding, cancelled
completed: refunding, cancelled
refunding: pending_ship, shipped, completed, cancelled
cancelled:
"""
FULFILMENT_LAW = """
short: scheduled, awaiting_approval, manual
awaiting_approval: scheduled, held
held: scheduled, manual
scheduled: executing, held, manual
manual: executing, held
executing: succeeded, scheduled, failed, unknown
unknown: succeeded, scheduled, cancelled
failed: scheduled, manual
succeeded:
cancelled:
"""
"""As the law says, typed off by hand; what the platform does to every open state is added by `law_of`."""


def law_of(text: str, *, platform: frozenset[str] = frozenset()) -> set[tuple[str, str]]:
    """The pairs of states a law allows. The platform may ship or close whatever is open."""
    pairs = set()
    for line in text.strip().splitlines():
        state, _, after = line.partition(":")
        pairs |= {(state, one.strip()) for one in after.split(",") if one.strip()}
        if state in platform:
            pairs |= {(state, "succeeded"), (state, "cancelled")}
    return pairs


def edges(diagram: str) -> set[tuple[str, str]]:
    """The arrows of a Mermaid state diagram between two states."""
    return set(re.findall(r"^\s+(\w+) --> (\w+): \w+$", diagram, re.MULTILINE))


LAWS = {
    "orders": (ORDERS, law_of(ORDER_LAW)),
    "fulfilments": (FULFILMENTS, law_of(FULFILMENT_LAW, platform=frozenset(state.value for state in OPEN))),
}


@pytest.mark.parametrize("name", LAWS)
def test_the_machine_is_the_one_of_the_law(name: str) -> None:
    machine, law = LAWS[name]
    assert edges(machine.diagram()) == law


@pytest.mark.parametrize("name", LAWS)
def test_the_readme_shows_the_machine_as_it_is(name: str) -> None:
    machine, law = LAWS[name]
    assert printed(name) == f"```mermaid\n{machine.diagram()}\n```"
    assert edges(printed(name)) == law


@pytest.mark.parametrize("name", LAWS)
def test_every_state_can_be_reached_and_its_end_too(name: str) -> None:
    machine: Machine = LAWS[name][0]
    states = set(machine.moves)
    ends = {state for state in states if not machine.moves[state]}
    assert ends
    for state in states:
        assert any(machine.path(born, state) is not None for born in machine.born)
        assert any(machine.path(state, end) is not None for end in ends)


def test_a_missing_arrow_would_be_seen() -> None:
    diagram = ORDERS.diagram().replace("    pending_ship --> shipped: ship\n", "")
    assert law_of(ORDER_LAW) - edges(diagram) == {("pending_ship", "shipped")}
