"""The owner's chats: let in, thrown out, moved, renamed; where alerts may go."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from core.clock import ManualClock
from core.config import Config, Settings
from core.engine.actions import NewAction
from core.engine.context import Shop
from core.engine.front import Engine
from core.errors import NotFound
from core.moves import notices
from core.store import queries
from core.store.db import Store, prepare
from core.values.notices import NoticeKind
from core.values.people import ChatKind, Role
from tests import stockroom

OLD, NEW, OTHER = "tg:-1", "tg:-1001", "tg:-2"
KEPT = {"acts", "refusals", "rooms", "logins"}
"""Tables that name a chat and are not rewritten when it moves: what was done stays; rooms say where it went; a
login by code is shown in a private room, which never moves."""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def engine(store: Store) -> Engine:
    return Engine(Shop(store, Settings(Config()), ManualClock(stockroom.NOW), stockroom.ZONE))


async def put_up(engine: Engine, store: Store, chat: str = OLD) -> str:
    """A room with a card, a button and a notice that waits for it; the button's id."""
    await engine.rooms.bind(chat, ChatKind.group, "小店")
    await engine.notices.keep_copy(chat, "57", NoticeKind.order_shipped, "order", 1, 1)
    await store.write(lambda tx: notices.redraw(tx, stockroom.cause(), "order", 1, 2))
    button = NewAction(words="approve #1", entity="order", entity_id=1, version=1, chat=chat)
    return (await engine.actions.keep_all([button]))[0]


def rows(store: Store, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(store.path)) as file:
        return file.execute(f"SELECT * FROM {table}").fetchall()


async def test_a_moved_group_keeps_its_place_name_and_buttons(engine: Engine, store: Store) -> None:
    button = await put_up(engine, store)
    clock = engine._shop.clock
    assert isinstance(clock, ManualClock)
    clock.advance(1)
    await engine.rooms.bind(OTHER, ChatKind.group)
    assert await engine.rooms.move(OLD, NEW)
    assert [room.chat for room in await engine.rooms.list_homes()] == [NEW, OTHER]
    found = await engine.rooms.find(NEW)
    assert found is not None and found.title == "小店" and found.is_open
    assert (await engine.actions.find(button)).chat == NEW
    assert not await engine.rooms.is_bound(OLD)


async def test_what_still_comes_from_the_old_chat_belongs_to_the_new_one(engine: Engine, store: Store) -> None:
    await put_up(engine, store)
    await engine.rooms.move(OLD, NEW)
    await engine.rooms.move(NEW, "tg:-1002")
    entered = await engine.rooms.enter(OLD)
    assert entered is not None and entered.chat == "tg:-1002"


async def test_moving_twice_is_moving_once_and_back_is_no_way(engine: Engine, store: Store) -> None:
    await put_up(engine, store)
    assert await engine.rooms.move(OLD, NEW)
    assert not await engine.rooms.move(OLD, NEW)
    assert not await engine.rooms.move("tg:-77", NEW)
    assert not await engine.rooms.back(OLD)
    assert len(await engine.rooms.list()) == 1


async def test_cards_of_the_old_chat_are_forgotten_for_their_numbers_begin_anew(engine: Engine, store: Store) -> None:
    await put_up(engine, store)
    await engine.rooms.move(OLD, NEW)
    assert await engine.notices.list_copies("order", 1) == ()
    assert rows(store, "notices") == []


async def test_a_notice_that_waits_for_a_chat_follows_it(engine: Engine, store: Store) -> None:
    await engine.rooms.bind(OLD, ChatKind.group)
    await store.write(
        lambda tx: notices.tell(tx, stockroom.cause(), NoticeKind.approval_escalated, "order", 1, version=1)
    )
    with closing(sqlite3.connect(store.path, isolation_level=None)) as file:
        file.execute("UPDATE notices SET chat = ?", (OLD,))
    await engine.rooms.move(OLD, NEW)
    assert (await engine.notices.find(1)).chat == NEW
    await engine.rooms.unbind(await owner(engine), NEW)
    assert (await engine.notices.find(1)).chat is None


async def owner(engine: Engine):
    await engine.people.keep("terminal:owner", "老板", Role.owner)
    return stockroom.OWNER


async def test_a_room_the_shop_was_thrown_out_of_hears_nothing_until_it_is_back(engine: Engine, store: Store) -> None:
    await put_up(engine, store)
    assert await engine.rooms.leave(OLD)
    assert not await engine.rooms.leave(OLD)
    assert await engine.rooms.list_homes() == ()
    await store.write(lambda tx: notices.redraw(tx, stockroom.cause(), "order", 1, 3))
    assert rows(store, "notices") == []
    assert [room.is_open for room in await engine.rooms.list()] == [False]
    assert await engine.rooms.back(OLD)
    await store.write(lambda tx: notices.redraw(tx, stockroom.cause(), "order", 1, 4))
    assert len(rows(store, "notices")) == 1
    assert [room.chat for room in await engine.rooms.list_homes()] == [OLD]


async def test_nobody_leaves_or_returns_to_a_chat_that_is_no_room(engine: Engine) -> None:
    assert not await engine.rooms.leave(OTHER)
    assert not await engine.rooms.back(OTHER)
    assert not await engine.rooms.rename(OTHER, "别的群")


async def test_a_room_takes_its_new_title(engine: Engine) -> None:
    await engine.rooms.bind(OLD, ChatKind.group, "小店")
    assert await engine.rooms.rename(OLD, "大店")
    assert not await engine.rooms.rename(OLD, "大店")
    await engine.rooms.bind(OLD, ChatKind.group)
    assert [room.title for room in await engine.rooms.list()] == ["大店"]


async def test_an_unbound_room_is_none_of_the_shops(engine: Engine, store: Store) -> None:
    await put_up(engine, store)
    await engine.rooms.unbind(await owner(engine), OLD)
    assert await engine.rooms.find(OLD) is None
    assert rows(store, "copies") == rows(store, "notices") == []
    with pytest.raises(NotFound, match="no_such_room"):
        await engine.rooms.unbind(stockroom.owner("again"), OLD)


async def test_owners_private_chats_are_listed_and_owners_without_one_too(engine: Engine) -> None:
    people = {"tg:1": Role.owner, "tg:2": Role.owner, "tg:3": Role.operator, "terminal:owner": Role.owner}
    for who, role in people.items():
        await engine.people.keep(who, who, role)
    for chat in ("tg:1", "tg:3"):
        await engine.rooms.bind(chat, ChatKind.private)
    assert [room.chat for room in await engine.rooms.list_private(Role.owner)] == ["tg:1"]
    assert [person.name for person in await engine.people.list_unreachable()] == ["tg:2"]
    await engine.rooms.leave("tg:1")
    assert [person.name for person in await engine.people.list_unreachable()] == ["tg:1", "tg:2"]


async def test_one_private_chat_of_a_person_with_two_ids_is_enough(engine: Engine) -> None:
    actor = await owner(engine)
    await engine.people.keep("tg:1", "老板", Role.owner)
    known = await engine.people.find("tg:1")
    assert known is not None
    await engine.people.join(actor, "wecom:boss", known.id)
    await engine.rooms.bind("wecom:boss", ChatKind.private)
    assert await engine.people.list_unreachable() == ()


def test_every_table_that_names_a_chat_follows_a_move(tmp_path: Path) -> None:
    """Whoever adds a table with a chat in it must say what becomes of it when the chat moves."""
    path, _ = prepare(tmp_path)
    moved = "\n".join(statement for name, statement in queries.load().items() if name.startswith("rooms."))
    with closing(sqlite3.connect(path)) as file:
        tables = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        naming = {t for t in tables if any(row[1] == "chat" for row in file.execute(f"PRAGMA table_info({t})"))}
    assert naming >= {"copies", "actions", "notices", "rooms", "acts"}
    missing = [t for t in naming - KEPT if f"UPDATE {t} SET chat" not in moved and f"FROM {t} WHERE chat" not in moved]
    assert missing == [], "core/moves/rooms.move must take them along"
