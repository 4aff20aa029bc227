"""Which faults are planned: the same seed, the same day; a hundred seeds, every fault alone and every two together."""

import pytest

from bot.demo.soak.plan import FULL, SHORT, plan_day
from bot.demo.soak.schedule import FAULTS, KILL, cover, plan_phases, read_faults
from core.sandbox.faults import DIALS, Faults

ALL = read_faults("all")
SEEDS = 100


def test_a_hundred_seeds_have_every_fault_alone_and_every_two_together():
    found = cover(range(SEEDS), ALL)
    assert found.alone == set(FAULTS)
    assert len(found.pairs) == len(FAULTS) * (len(FAULTS) - 1) // 2
    assert found.lacks() == []


def test_any_hundred_seeds_do_and_ten_do_not():
    assert cover(range(1, SEEDS + 1), ALL).lacks() == []
    assert cover(range(10), ALL).lacks() != []


def test_all_is_the_worlds_own_table_and_the_kill():
    assert set(ALL) == {*DIALS, KILL}


def test_every_dial_can_be_turned_as_it_is_planned():
    faults = Faults(0)
    for phase in (phase for seed in range(SEEDS) for phase in plan_phases(seed, ALL)):
        for dial in phase.dials:
            faults.set(dial)
    assert {dial.dial for dial in faults.list_dials()} == set(DIALS)


def test_a_day_without_faults_is_calm_and_one_fault_is_alone_in_every_phase():
    assert {phase.faults for phase in plan_phases(3, ())} == {()}
    assert {phase.faults for phase in plan_phases(3, ("drop",))} == {(), ("drop",)}


def test_an_unknown_fault_is_named():
    assert read_faults("drop, kill") == ("drop", "kill")
    with pytest.raises(ValueError, match="'rain'"):
        read_faults("drop,rain")


def test_a_seed_is_a_plan():
    assert plan_day(5) == plan_day(5)
    assert plan_day(5) != plan_day(6)


@pytest.mark.parametrize("size", [FULL, SHORT])
def test_a_day_holds_what_it_should(size):
    plan = plan_day(1, size=size)
    assert sum(act.verb == "order" for act in plan.acts) == size.orders
    assert len(plan.words) == size.messages
    assert all(0 <= one.moment < size.moments for one in (*plan.acts, *plan.words))


def test_the_whole_day_is_two_hundred_orders_and_a_thousand_messages():
    assert (FULL.orders, FULL.messages) == (200, 1000)
