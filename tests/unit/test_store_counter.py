"""What the counter keeps: people, requests, buttons, pauses, copies of cards, signs of life."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.clock import ManualClock
from core.config import Config, Settings
from core.engine.actions import NewAction
from core.engine.context import Shop
from core.engine.front import Engine
from core.errors import BadArgument, Busy, NotAllowed, NotFound, Refused
from core.moves import notices
from core.store import health
from core.store.db import Store
from core.tools.health import heartbeat_age_s, is_alive
from core.values.notices import NoticeKind
from core.values.people import ChatKind, Role
from core.values.vitals import Vitals
from tests import stockroom as room

BUTTON = NewAction(words="approve #5", entity="order", entity_id=5, version=3, chat="terminal")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(room.NOW)


@pytest.fixture
def engine(store: Store, clock: ManualClock) -> Engine:
    return Engine(Shop(store, Settings(Config()), clock, room.ZONE))


async def test_a_person_is_known_by_id_and_keeps_the_newest_name_and_role(engine: Engine) -> None:
    await engine.people.keep("tg:1", "张三", Role.viewer)
    await engine.people.keep("tg:1", "张三丰", Role.owner)
    found = await engine.people.find("tg:1")
    assert found is not None
    assert (found.name, found.role) == ("张三丰", Role.owner)
    assert await engine.people.find("张三丰") is None


async def test_a_chat_is_bound_once_and_others_are_not(engine: Engine) -> None:
    await engine.rooms.bind("tg:-100", ChatKind.group)
    await engine.rooms.bind("tg:-100", ChatKind.group)
    assert await engine.rooms.is_bound("tg:-100")
    assert not await engine.rooms.is_bound("tg:-200")


async def test_a_request_is_stored_once_sealed_and_waits_until_it_is_finished(engine: Engine, store: Store) -> None:
    first = await engine.requests.keep("tg:77", "发货 #5".encode())
    again = await engine.requests.keep("tg:77", b"other")
    assert (first.again, again.again, again.id, again.done) == (False, True, first.id, False)
    assert [(one.key, one.body.decode()) for one in await engine.requests.list_waiting()] == [("tg:77", "发货 #5")]
    await engine.requests.finish(first.id)
    assert await engine.requests.list_waiting() == ()
    assert (await engine.requests.keep("tg:77", b"")).done
    assert await engine.requests.find(first.id) == "发货 #5".encode()
    assert "发货".encode() not in store.path.read_bytes()


async def test_a_person_who_floods_is_asked_to_wait_and_others_are_not(engine: Engine, clock: ManualClock) -> None:
    for _ in range(30):
        engine.requests.allow("tg:1")
    with pytest.raises(Busy) as busy:
        engine.requests.allow("tg:1")
    assert busy.value.retry_after_s == 60
    engine.requests.allow("tg:2")
    clock.advance(60)
    engine.requests.allow("tg:1")


async def test_of_many_who_press_a_button_at_once_one_wins_and_the_rest_learn_who(engine: Engine) -> None:
    await engine.people.keep("tg:0", "张三", Role.owner)
    (button,) = await engine.actions.keep_all([BUTTON])
    presses = [engine.actions.use(button, f"tg:{n}") for n in range(5)]
    answers = await asyncio.gather(*presses, return_exceptions=True)
    won = [one for one in answers if not isinstance(one, BaseException)]
    lost = [one for one in answers if isinstance(one, Refused)]
    assert [one.words for one in won] == ["approve #5"]
    assert {(one.key, one.facts["by"], one.facts["at"]) for one in lost} == {("already_pressed", "张三", room.NOW)}
    assert len(lost) == 4


async def test_without_the_compare_in_the_set_everybody_wins(tmp_path: Path, clock: ManualClock) -> None:
    unguarded = "UPDATE actions SET used_by = :who, used_at = :now WHERE id = :id"
    loose = await Store.open(tmp_path / "loose", {"actions.use": unguarded})
    engine = Engine(Shop(loose, Settings(Config()), clock, room.ZONE))
    (button,) = await engine.actions.keep_all([BUTTON])
    won = await asyncio.gather(*(engine.actions.use(button, f"tg:{n}") for n in range(5)))
    await loose.close()
    assert len(won) == 5


async def test_without_the_key_a_repeated_request_is_acted_on_twice(tmp_path: Path, clock: ManualClock) -> None:
    forgetful = "INSERT INTO inbox (source, key, kind, state, raw, received_at) "
    forgetful += "VALUES ('request', :key || hex(randomblob(4)), 'request', 'waiting', :raw, :now)"
    newest = "SELECT id, state FROM inbox WHERE key >= :key ORDER BY id DESC LIMIT 1"
    loose = await Store.open(tmp_path / "loose", {"requests.add": forgetful, "requests.by_key": newest})
    engine = Engine(Shop(loose, Settings(Config()), clock, room.ZONE))
    kept = [await engine.requests.keep("tg:77", b"x") for _ in range(2)]
    await loose.close()
    assert [one.again for one in kept] == [False, False]


async def test_buttons_have_short_ids_nobody_can_guess(engine: Engine) -> None:
    ids = await engine.actions.keep_all([BUTTON] * 50)
    assert len(set(ids)) == 50
    assert all(len(one) <= 10 for one in ids)


async def test_a_button_that_does_not_exist_is_said_so(engine: Engine) -> None:
    for act in (engine.actions.find("nope"), engine.actions.use("nope", "tg:1")):
        with pytest.raises(NotFound, match="no_such_button"):
            await act


async def test_an_old_button_and_another_persons_confirmation_do_nothing(engine: Engine, clock: ManualClock) -> None:
    made_for = BUTTON.model_copy(update={"made_for": "tg:1", "confirms": True, "expires_s": 60})
    mine, late = await engine.actions.keep_all([made_for, made_for])
    with pytest.raises(NotAllowed, match="not_your_button"):
        await engine.actions.use(mine, "tg:2")
    assert (await engine.actions.use(mine, "tg:1")).confirms
    clock.advance(60)
    with pytest.raises(Refused, match="button_expired"):
        await engine.actions.use(late, "tg:1")


async def test_a_press_replayed_after_a_crash_counts_as_its_persons_own(engine: Engine) -> None:
    button = await engine.actions.keep("approve #5", "order", 5, 3, "terminal")
    await engine.actions.use(button, "tg:1")
    assert (await engine.actions.use(button, "tg:1", again=True)).used_by == "tg:1"
    with pytest.raises(Refused, match="already_pressed"):
        await engine.actions.use(button, "tg:2", again=True)


async def test_a_pause_lasts_until_it_runs_out_or_is_resumed(engine: Engine, clock: ManualClock) -> None:
    until = room.NOW + timedelta(minutes=30)
    view = await engine.pauses.pause(room.owner("a"), "product", 3, until, "盘点")
    assert [(one.scope, one.entity_id, one.by, one.reason) for one in view.pauses] == [("product", 3, "老板", "盘点")]
    await engine.pauses.pause(room.owner("b"), "all", None, None)
    clock.advance(1800)
    assert [one.scope for one in (await engine.pauses.show()).pauses] == ["all"]
    assert (await engine.pauses.resume(room.owner("c"))).pauses == ()


async def test_the_emergency_stop_stays_when_pauses_are_resumed(engine: Engine) -> None:
    await engine.pauses.stop_all(room.owner("a"))
    await engine.pauses.stop_all(room.owner("b"))
    assert (await engine.pauses.resume(room.owner("c"))).stopped
    assert not (await engine.pauses.resume_all(room.owner("d"))).stopped


async def test_a_pause_that_makes_no_sense_is_refused(engine: Engine) -> None:
    for scope, entity, until in (("all", 3, None), ("product", None, None), ("x", 1, None), ("all", None, room.NOW)):
        with pytest.raises(BadArgument):
            await engine.pauses.pause(room.OWNER, scope, entity, until)
    with pytest.raises(NotFound, match="no_such_pause"):
        await engine.pauses.resume(room.OWNER, 99)


async def test_a_command_replayed_after_a_crash_pauses_once(engine: Engine) -> None:
    await engine.pauses.pause(room.owner("same"), "all", None, None)
    with pytest.raises(Refused, match="done_before"):
        await engine.pauses.pause(room.owner("same"), "all", None, None)
    assert len((await engine.pauses.show()).pauses) == 1


async def test_a_pause_is_recorded_with_who_and_told(engine: Engine, store: Store) -> None:
    await engine.pauses.pause(room.owner("a"), "all", None, None)
    told = await store.people.all("notices.due", now=room.cause(1).now_ms, most=9)
    assert [row["kind"] for row in told] == ["paused"]
    shown = await engine.notices.find(told[0]["id"])
    assert (shown.kind, shown.entity, shown.maybe_again) == (NoticeKind.paused, "pause", False)


async def test_every_copy_of_a_card_is_redrawn_once_to_the_newest(engine: Engine, store: Store) -> None:
    for message in ("m1", "m2"):
        await engine.notices.keep_copy("chat", message, NoticeKind.order_risky, "order", 5, 1)
    for version in (2, 3):
        await store.write(lambda tx, v=version: notices.redraw(tx, room.cause(), "order", 5, v))
    waiting = await store.people.all("notices.due", now=room.cause(1).now_ms, most=9)
    redraws = [await engine.notices.find(row["id"]) for row in waiting]
    copies = await engine.notices.list_copies("order", 5)
    assert sorted(one.detail for one in redraws) == [str(copy.id) for copy in copies]
    assert {one.version for one in redraws} == {3}


async def test_an_old_drawing_never_overwrites_a_newer_one(engine: Engine) -> None:
    for version in (3, 2):
        await engine.notices.keep_copy("chat", "m1", NoticeKind.order_risky, "order", 5, version)
    assert [copy.version for copy in await engine.notices.list_copies("order", 5)] == [3]


async def test_a_message_that_shows_another_thing_now_follows_that(engine: Engine) -> None:
    await engine.notices.keep_copy("chat", "m1", NoticeKind.order_risky, "order", 5, 9)
    await engine.notices.keep_copy("chat", "m1", NoticeKind.stock_low, "product", 2, 1)
    assert await engine.notices.list_copies("order", 5) == ()
    (copy,) = await engine.notices.list_copies("product", 2)
    await engine.notices.drop_copy(copy.id)
    assert await engine.notices.find_copy(copy.id) is None


async def test_health_shows_the_last_sign_of_life_and_what_is_late(engine: Engine, store: Store) -> None:
    empty = await engine.health.show()
    assert (empty.heartbeat_at, empty.books, empty.outbox_waiting) == (None, "ok", 0)
    vitals = Vitals(children={"ingest": "ok"}, model="ok", books_checked_at=room.NOW, away_s=90)
    await store.write(lambda tx: health.beat(tx, room.NOW, room.NOW, 1, "0.1.0", vitals))
    await store.write(lambda tx: (room.open_account(tx), notices.tell(tx, room.cause(-2), NoticeKind.ready, "shop", 0)))
    shown = await engine.health.show()
    assert (shown.version, shown.model, shown.children) == ("0.1.0", "ok", {"ingest": "ok"})
    assert (shown.notice_backlog, shown.oldest_notice_s) == (1, 120)
    assert [(one.name, one.state) for one in shown.accounts] == [("小店", "online")]
    ready = await engine.notices.shop_ready()
    assert (ready["away_s"], ready["accounts"], ready["pending"]) == (90, 1, 0)


async def test_the_heartbeats_age_is_read_from_outside(store: Store, tmp_path: Path) -> None:
    assert heartbeat_age_s(tmp_path) is None
    await store.write(lambda tx: health.beat(tx, room.NOW, room.NOW, 1, "0.1.0", Vitals()))
    began = time.perf_counter()
    assert heartbeat_age_s(tmp_path, room.NOW.timestamp() + 20) == 20
    assert time.perf_counter() - began < 0.3
    assert is_alive(tmp_path, 30, room.NOW.timestamp() + 20)
    assert not is_alive(tmp_path, 30, room.NOW.timestamp() + 31)


def test_a_folder_without_a_shop_is_not_alive_and_stays_empty(tmp_path: Path) -> None:
    assert not is_alive(tmp_path, 30)
    assert list(tmp_path.iterdir()) == []
