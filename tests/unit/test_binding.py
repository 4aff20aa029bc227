"""The one-time code: right, unused and young, or nothing happens; of many at once one wins."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import ManualClock
from core.config import Config, Settings
from core.engine.binding import LETTERS, WINDOW, WRONG_OF_ONE, read_code
from core.engine.context import Shop
from core.engine.front import Engine
from core.errors import Busy, NotFound, Refused
from core.store import queries
from core.store.db import Store
from core.values.people import Actor, ChatKind, Role
from tests import stockroom

GROUP = "tg:-1"


@asynccontextmanager
async def a_shop(folder: Path, replaced: dict[str, str] | None = None) -> AsyncIterator[Engine]:
    store = await Store.open(folder, replaced)
    try:
        yield Engine(Shop(store, Settings(Config()), ManualClock(stockroom.NOW), stockroom.ZONE))
    finally:
        await store.close()


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    async with a_shop(tmp_path) as opened:
        yield opened


def person(n: int, request: str = "") -> Actor:
    return Actor(who=f"tg:{n}", name=f"人{n}", chat=GROUP, request=request or f"tg:update:{n}")


def clock_of(engine: Engine) -> ManualClock:
    clock = engine._shop.clock
    assert isinstance(clock, ManualClock)
    return clock


async def owners(engine: Engine) -> list[str]:
    return [member.who for member in await engine.people.list() if member.role is Role.owner]


async def test_the_right_code_makes_an_owner_and_a_room(engine: Engine) -> None:
    code = await engine.binding.issue()
    assert await engine.binding.list_needing(["tg"]) == ("tg",)
    await engine.binding.bind_with_code(person(1), code, ChatKind.group, "小店")
    assert await owners(engine) == ["tg:1"]
    assert await engine.rooms.is_bound(GROUP)
    assert await engine.binding.list_needing(["tg"]) == ()
    assert await engine.binding.list_needing(["tg", "wecom"]) == ("wecom",)


async def test_where_people_are_heard_alone_an_owner_is_needed_and_a_group_is_not_enough(engine: Engine) -> None:
    await engine.rooms.bind("app:group", ChatKind.group)
    assert await engine.binding.list_needing(["app"], alone=["app"]) == ("app",)
    assert await engine.binding.list_needing(["app"]) == (), "the control: as a front that hears groups"
    await engine.people.keep("app:1", "张三", Role.operator)
    assert await engine.binding.list_needing(["app"], alone=["app"]) == ("app",), "somebody is not an owner"
    await engine.people.keep("app:1", "张三", Role.owner)
    assert await engine.binding.list_needing(["app"], alone=["app"]) == ()


@pytest.mark.parametrize("typed", [str.lower, lambda c: c.replace("-", " "), lambda c: f" ｛{c}｝".replace("-", "－")])
async def test_a_code_is_read_as_people_type_it(engine: Engine, typed) -> None:
    await engine.binding.bind_with_code(person(1), typed(await engine.binding.issue()), ChatKind.group)
    assert await owners(engine) == ["tg:1"]


def test_a_code_has_signs_nobody_mixes_up() -> None:
    assert len(set(LETTERS)) == 32
    assert not set(LETTERS) & set("0O1I")
    assert read_code("k7qf-m3zp" + "x" * 100_000) != read_code("k7qf-m3zp")


async def test_a_used_an_old_and_an_overtaken_code_say_the_same_and_do_nothing(engine: Engine) -> None:
    overtaken = await engine.binding.issue()
    old = await engine.binding.issue()
    clock_of(engine).advance(24 * 3600 + 1)
    used = await engine.binding.issue()
    await engine.binding.bind_with_code(person(1), used, ChatKind.group)
    said = set()
    for n, code in enumerate((overtaken, old, used, "AAAA-AAAA", "", "x" * 100_000, "'; DROP TABLE members; --"), 2):
        with pytest.raises(NotFound) as refused:
            await engine.binding.bind_with_code(person(n), code, ChatKind.group)
        said.add((refused.value.key, *refused.value.facts))
    assert said == {("wrong_code",)}
    assert await owners(engine) == ["tg:1"]


async def test_a_code_is_good_for_a_day(engine: Engine) -> None:
    code = await engine.binding.issue()
    clock_of(engine).advance(24 * 3600 - 1)
    await engine.binding.bind_with_code(person(1), code, ChatKind.group)
    assert await owners(engine) == ["tg:1"]


async def test_the_code_lies_nowhere_in_the_file(engine: Engine, tmp_path: Path) -> None:
    code = await engine.binding.issue()
    await engine.binding.bind_with_code(person(1), code, ChatKind.group)
    everything = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.name.startswith("shop.db"))
    assert code.encode() not in everything
    assert code.replace("-", "").encode() not in everything


async def test_who_guesses_must_wait_and_the_others_need_not(engine: Engine) -> None:
    code = await engine.binding.issue()
    for n in range(WRONG_OF_ONE):
        with pytest.raises(NotFound):
            await engine.binding.bind_with_code(person(9, f"guess:{n}"), "AAAA-AAAA", ChatKind.group)
    with pytest.raises(Busy):
        await engine.binding.bind_with_code(person(9, "right"), code, ChatKind.group)
    await engine.binding.bind_with_code(person(1), code, ChatKind.group)
    assert await owners(engine) == ["tg:1"]


async def test_many_guessers_do_not_lock_the_owner_out(engine: Engine) -> None:
    """Whoever has many ids would otherwise decide when the owner may come in."""
    code = await engine.binding.issue()
    for n in range(300):
        with pytest.raises(NotFound):
            await engine.binding.bind_with_code(person(100 + n), "AAAA-AAAA", ChatKind.group)
    await engine.binding.bind_with_code(person(1), code, ChatKind.group)
    assert await owners(engine) == ["tg:1"]


async def test_who_guessed_may_try_again_after_a_while(engine: Engine) -> None:
    """The control of the wait: it is there, and it ends."""
    code = await engine.binding.issue()
    for n in range(WRONG_OF_ONE):
        with pytest.raises(NotFound):
            await engine.binding.bind_with_code(person(1, f"guess:{n}"), "AAAA-AAAA", ChatKind.group)
    with pytest.raises(Busy):
        await engine.binding.bind_with_code(person(1, "early"), code, ChatKind.group)
    clock_of(engine).advance(WINDOW.total_seconds())
    await engine.binding.bind_with_code(person(1, "late"), code, ChatKind.group)
    assert await owners(engine) == ["tg:1"]


async def test_a_wrong_code_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(NotFound):
        await engine.binding.bind_with_code(person(1), "AAAA-AAAA", ChatKind.group)
    assert await engine.rooms.list() == await engine.people.list() == ()


async def test_one_line_is_logged_for_a_wrong_code_and_not_the_code(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NotFound):
        await engine.binding.bind_with_code(person(1), "GUESSED2", ChatKind.group)
    assert len(caplog.messages) == 1
    assert "tg:1" in caplog.messages[0] and "GUESSED" not in caplog.text


async def test_a_command_replayed_after_a_crash_binds_once_and_knows_it(engine: Engine) -> None:
    code = await engine.binding.issue()
    await engine.binding.bind_with_code(person(1), code, ChatKind.group)
    with pytest.raises(Refused, match="done_before"):
        await engine.binding.bind_with_code(person(1), code, ChatKind.group)
    assert await owners(engine) == ["tg:1"]


async def race(folder: Path, order: list[int], replaced: dict[str, str] | None = None) -> list[str]:
    """Everybody types the code at once; who is an owner in the end."""
    async with a_shop(folder, replaced) as engine:
        code = await engine.binding.issue()
        typed = (engine.binding.bind_with_code(person(n), code, ChatKind.group) for n in order)
        outcomes = await asyncio.gather(*typed, return_exceptions=True)
        assert all(isinstance(outcome, NotFound | None) for outcome in outcomes)
        return await owners(engine)


@settings(max_examples=15, deadline=None)
@given(order=st.permutations(range(4)))
def test_of_many_who_type_the_code_at_once_one_is_the_owner(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    assert len(asyncio.run(race(tmp_path_factory.mktemp("race"), order))) == 1


async def test_without_the_compare_in_the_set_everybody_is_an_owner(tmp_path: Path) -> None:
    """The control: a code that is looked at and used up in two steps."""
    open_to_all = queries.load()["binding.use"].replace("used_at IS NULL AND ", "")
    assert len(await race(tmp_path, [1, 2, 3], {"binding.use": open_to_all})) == 3


async def test_an_owner_who_was_shut_out_comes_back_with_a_code(engine: Engine) -> None:
    for n in (1, 2):
        await engine.binding.bind_with_code(person(n), await engine.binding.issue(), ChatKind.group)
    gone = await engine.people.find("tg:1")
    assert gone is not None
    await engine.people.revoke(person(2, "revoke"), gone.id)
    await engine.binding.bind_with_code(person(1, "again"), await engine.binding.issue(), ChatKind.group)
    assert await owners(engine) == ["tg:1", "tg:2"]


async def test_binding_is_on_record(engine: Engine, tmp_path: Path) -> None:
    await engine.binding.bind_with_code(person(1), await engine.binding.issue(), ChatKind.group, "小店")
    with closing(sqlite3.connect(tmp_path / "shop.db")) as file:
        (act,) = file.execute("SELECT verb, who, chat, before, after FROM acts").fetchall()
    assert act == ("bind", "tg:1", GROUP, "", f"{GROUP} 小店: owner 人1 tg:1")
