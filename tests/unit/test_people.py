"""Who may act: let in, raised, joined and shut out by an owner; the last owner stays."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.clock import ManualClock
from core.config import Config, Settings
from core.engine.context import Shop
from core.engine.front import Engine
from core.errors import NotAllowed, NotFound, Refused
from core.store import queries
from core.store.db import Store
from core.values.counter import Person
from core.values.people import Actor, ChatKind, Role
from tests import stockroom

_requests = iter(range(10**9))


def by(who: str = "tg:1") -> Actor:
    return Actor(who=who, name="老板", chat="tg:-1", request=f"r{next(_requests)}")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    store = await Store.open(tmp_path)
    engine = Engine(Shop(store, Settings(Config()), ManualClock(stockroom.NOW), stockroom.ZONE))
    await engine.people.keep("tg:1", "老板", Role.owner)
    yield engine
    await store.close()


async def person(engine: Engine, who: str) -> Person:
    return await engine.people.choose(who)


async def test_an_owner_lets_somebody_in_and_raises_them(engine: Engine) -> None:
    assert (await engine.people.grant(by(), "tg:5", Role.viewer, "小王")).role is Role.viewer
    raised = await engine.people.grant(by(), "tg:5", Role.operator)
    assert (raised.name, raised.role, raised.ids) == ("小王", Role.operator, ("tg:5",))


async def test_a_person_nobody_named_is_called_by_their_id(engine: Engine) -> None:
    assert (await engine.people.grant(by(), "tg:5", Role.viewer)).name == "5"


async def test_who_is_no_owner_any_more_lets_nobody_in(engine: Engine) -> None:
    await engine.people.grant(by(), "tg:5", Role.operator)
    for who in ("tg:5", "tg:9"):
        with pytest.raises(NotAllowed):
            await engine.people.grant(by(who), who, Role.owner)
        with pytest.raises(NotAllowed):
            await engine.people.join(by(who), "tg:6", 1)
        with pytest.raises(NotAllowed):
            await engine.people.revoke(by(who), 1)


async def test_the_last_owner_cannot_go_nor_step_down(engine: Engine) -> None:
    with pytest.raises(Refused, match="last_owner"):
        await engine.people.revoke(by(), 1)
    with pytest.raises(Refused, match="last_owner"):
        await engine.people.grant(by(), "tg:1", Role.operator)
    await engine.people.keep("terminal:owner", "主机", Role.owner)
    with pytest.raises(Refused, match="last_owner"):
        await engine.people.revoke(by(), 1)
    assert await engine.people.revoke(by("terminal:owner"), 1) == "老板"


async def test_two_owners_who_shut_each_other_out_at_once_leave_one(engine: Engine) -> None:
    await engine.people.grant(by(), "tg:2", Role.owner)
    two = (engine.people.revoke(by("tg:1"), 2), engine.people.revoke(by("tg:2"), 1))
    await asyncio.gather(*two, return_exceptions=True)
    assert len(await engine.people.list_persons()) == 1


async def demoted(folder: Path, replaced: dict[str, str] | None = None) -> int:
    """Two owners make each other an operator in the same instant; how many owners are left."""
    store = await Store.open(folder, replaced)
    engine = Engine(Shop(store, Settings(Config()), ManualClock(stockroom.NOW), stockroom.ZONE))
    for who in ("tg:1", "tg:2"):
        await engine.people.keep(who, who, Role.owner)
    two = (engine.people.grant(by("tg:1"), "tg:2", Role.operator), engine.people.grant(by("tg:2"), "tg:1", Role.viewer))
    await asyncio.gather(*two, return_exceptions=True)
    left = [person for person in await engine.people.list_persons() if person.role is Role.owner]
    await store.close()
    return len(left)


async def test_two_owners_who_demote_each_other_at_once_leave_one(tmp_path: Path) -> None:
    assert await demoted(tmp_path) == 1


async def test_without_the_looks_inside_the_transaction_nobody_is_left(tmp_path: Path) -> None:
    """The control: people who look the same before and after, as to somebody who looked a moment ago."""
    always = "SELECT 1 WHERE :id IS NOT NULL AND :anywhere IS NOT NULL"
    stale = queries.load()["people.find"].replace("m.role", "'owner' AS role")
    assert await demoted(tmp_path, {"people.owners_elsewhere": always, "people.find": stale}) == 0


async def test_who_is_shut_out_is_so_by_every_id_and_in_private(engine: Engine) -> None:
    five = await engine.people.grant(by(), "tg:5", Role.operator, "小王")
    await engine.people.join(by(), "wecom:wang", five.id)
    await engine.rooms.bind("tg:5", ChatKind.private)
    assert await engine.people.revoke(by(), five.id) == "小王"
    assert await engine.people.find("tg:5") is await engine.people.find("wecom:wang") is None
    assert not await engine.rooms.is_bound("tg:5")
    with pytest.raises(NotFound):
        await engine.people.revoke(by(), five.id)


async def test_who_comes_back_is_the_same_person(engine: Engine) -> None:
    five = await engine.people.grant(by(), "tg:5", Role.operator, "小王")
    await engine.people.revoke(by(), five.id)
    again = await engine.people.grant(by(), "tg:5", Role.viewer)
    assert (again.id, again.name) == (five.id, "小王")


async def test_a_second_id_is_the_same_person_and_no_second_owner(engine: Engine) -> None:
    joined = await engine.people.join(by(), "wecom:boss", 1)
    assert joined.ids == ("tg:1", "wecom:boss")
    with pytest.raises(Refused, match="last_owner"):
        await engine.people.revoke(by("wecom:boss"), 1)


async def test_an_id_that_is_another_persons_is_not_taken_from_them(engine: Engine) -> None:
    five = await engine.people.grant(by(), "tg:5", Role.operator, "小王")
    with pytest.raises(Refused, match="other_person"):
        await engine.people.join(by(), "tg:1", five.id)
    with pytest.raises(NotFound):
        await engine.people.join(by(), "tg:6", 77)


async def test_people_are_found_by_number_id_and_whole_name(engine: Engine) -> None:
    await engine.people.grant(by(), "tg:5", Role.operator, "小王")
    for word in ("m2", "tg:5", "5", "小王"):
        assert (await engine.people.choose(word, "tg")).ids == ("tg:5",)
    await engine.people.grant(by(), "tg:6", Role.operator, "小王")
    with pytest.raises(Refused, match="ambiguous_member"):
        await engine.people.choose("小王", "tg")
    for word in ("小", "m77", "", "tg:"):
        with pytest.raises(NotFound):
            await engine.people.choose(word, "tg")


async def test_the_list_says_what_each_did_last_by_any_id(engine: Engine) -> None:
    await engine.people.join(by(), "wecom:boss", 1)
    await engine.people.grant(by("wecom:boss"), "tg:5", Role.viewer)
    (boss, _) = await engine.people.list_persons()
    assert (boss.last_verb, boss.last_at) == ("grant", stockroom.NOW)


async def test_a_command_replayed_after_a_crash_lets_in_once(engine: Engine) -> None:
    actor = by()
    await engine.people.grant(actor, "tg:5", Role.viewer)
    with pytest.raises(Refused, match="done_before"):
        await engine.people.grant(actor, "tg:5", Role.viewer)
