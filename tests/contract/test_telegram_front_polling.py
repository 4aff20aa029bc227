"""Polling: stored before acknowledged, whatever breaks; conflicts and outages are seen; the token is never written."""

import asyncio
import io
import logging
from pathlib import Path

import pytest

from bot.fronts.telegram.polling import Poller
from bot.fronts.telegram.wire import Wire
from core.errors import MaybeSent, Transient
from core.log import open_log
from core.steps import Steps
from core.values.fulfilment import FulfilmentState
from tests.telegram_shop import Post, Street, open_post, open_street, settings_of, until


@pytest.fixture
async def street():
    async with open_street() as street:
        yield street


class PowerCut(Exception):
    """The process is gone."""


class DyingDesk:
    """The desk of a shop whose power fails at the moment it would store (or right after)."""

    def __init__(self, desk, *, after: bool) -> None:
        self._desk, self._after = desk, after

    async def concerns(self, request):
        return await self._desk.concerns(request)

    async def answer_late(self, front):
        await self._desk.answer_late(front)

    async def keep(self, request):
        if self._after:
            await self._desk.keep(request)
        raise PowerCut


class EagerWire(Wire):
    """Acknowledges what it fetched at once, as the library's own Updater would."""

    async def updates(self, offset, wait_s=25):
        got = await super().updates(offset, wait_s)
        if got:
            await super().updates(max(int(str(raw["update_id"])) for raw in got) + 1, 0)
        return got


async def crash_and_restart(street: Street, folder: Path, *, after: bool = False, eager: bool = False) -> list[str]:
    """The owner holds an order while the power fails; what the group saw after the restart, and the order's state."""
    async with open_post(street, folder, listen=False) as post:
        number = await post.order(quantity=1)
        await street.type(f"拦截 {number}")
        wire = EagerWire(street.world.token, street.world.api_url) if eager else None
        front = post.front if wire is None else type(post.front)(settings_of(street), post.engine, wire)
        with pytest.raises(ExceptionGroup):
            await front.listen(DyingDesk(post.desk, after=after))
        await front.close()
    async with open_post(street, folder) as post:
        await post.quiet()
        await asyncio.sleep(0.1)
        state = await post.state(number)
        cards = [one.words for one in street.world.screen.from_bot(street.group)]
    return [str(state), *cards]


async def test_a_power_cut_before_storing_loses_nothing(street: Street, tmp_path: Path):
    state, *cards = await crash_and_restart(street, tmp_path)
    assert state == FulfilmentState.held
    assert len(cards) == 1, "the redelivered command was answered more or less than once"


async def test_a_power_cut_after_storing_neither_loses_nor_doubles(street: Street, tmp_path: Path):
    state, *cards = await crash_and_restart(street, tmp_path, after=True)
    assert state == FulfilmentState.held
    assert len(cards) == 1


async def test_acknowledging_first_loses_the_command(street: Street, tmp_path: Path):
    """The control of law 1 at this door."""
    state, *cards = await crash_and_restart(street, tmp_path, eager=True)
    assert state == FulfilmentState.scheduled
    assert not cards


async def test_the_same_updates_again_are_served_once(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path) as post:
        await street.ask("待办", "没有待办")
        before = street.world.updates
        street.world.fault("drop_after", times=2, on="getUpdates")
        await street.ask("统计", "📊")
        await post.quiet()
        assert len(street.world.screen.from_bot(street.group)) == 2
        assert not before.waiting


async def test_what_could_not_be_stored_comes_again(street: Street, tmp_path: Path):
    """One of a batch fails: the others are served, and the whole batch comes again."""
    async with open_post(street, tmp_path, listen=False) as post:
        failing = Failing(post.desk)
        for words in ("待办", "统计"):
            await street.type(words)
        with pytest.raises(ExceptionGroup):
            await post.front.listen(failing)
        await street.world.screen.see(street.group, "没有待办")
        post.listening = asyncio.create_task(post.front.listen(post.desk))
        await street.world.screen.see(street.group, "📊")
        await post.quiet()
        assert len(street.world.screen.from_bot(street.group)) == 2


class Breaking:
    """Steps that fail once, right after a request was stored."""

    broken = False

    def reached(self, step: Steps) -> None:
        if step is Steps.request_stored and not self.broken:
            self.broken = True
            raise OSError("no answer from the store")


async def test_what_was_stored_while_the_front_broke_is_served_when_it_listens_again(street: Street, tmp_path: Path):
    """The process lives on, so no restart takes it up; Telegram brings it again, and it must not count as served."""
    async with open_post(street, tmp_path, listen=False, steps=Breaking()) as post:
        number = await post.order(quantity=1)
        await street.type(f"拦截 {number}")
        with pytest.raises(ExceptionGroup):
            await post.front.listen(post.desk)
        post.listening = asyncio.create_task(post.front.listen(post.desk))
        await street.world.screen.see(street.group, "已拦截")
        await post.quiet()
        assert await post.state(number) is FulfilmentState.held
        assert len(street.world.screen.from_bot(street.group)) == 1


class Failing:
    """A desk whose store is full at the second request."""

    def __init__(self, desk) -> None:
        self._desk = desk

    def __getattr__(self, name):
        return getattr(self._desk, name)

    async def keep(self, request):
        if request.words == "统计":
            raise OSError("disk is full")
        return await self._desk.keep(request)


async def test_a_conflict_is_told_loudly_and_polling_goes_on(street: Street, tmp_path: Path, caplog):
    async with open_post(street, tmp_path, listen=False) as post:
        poller = Poller(post.front._wire, post.engine, take_nothing, calm_s=0)
        street.world.fault("conflict", times=3, on="getUpdates")
        for _ in range(3):
            await fail_once(poller)
        assert [one.key for one in post.engine.health.remarks] == ["conflict"]
        assert [row["kind"] for row in await waiting_notices(post)] == ["front_trouble"]
        assert [record for record in caplog.records if record.levelno == logging.ERROR]
        await poller.step()
        assert post.engine.health.remarks == ()
        assert "telegram" in post.engine.health.heard_at


async def test_a_conflict_in_which_two_take_turns_is_told_too(street: Street, tmp_path: Path):
    """Each one's poll ends the other's, and works until then: in between all seems well."""
    async with open_post(street, tmp_path, listen=False) as post:
        poller = Poller(post.front._wire, post.engine, take_nothing)
        for _ in range(3):
            street.world.fault("conflict", times=1, on="getUpdates")
            await fail_once(poller)
            street.world.people.start(street.boss)
            await poller.step()
        assert [one.key for one in post.engine.health.remarks] == ["conflict"]
        assert [row["kind"] for row in await waiting_notices(post)] == ["front_trouble"]


async def test_one_conflict_after_a_restart_is_nothing(street: Street, tmp_path: Path):
    """The poll of the process before may still hang at Telegram."""
    async with open_post(street, tmp_path, listen=False) as post:
        poller = Poller(post.front._wire, post.engine, take_nothing)
        street.world.fault("conflict", times=1, on="getUpdates")
        await fail_once(poller)
        assert [one.key for one in post.engine.health.remarks] == ["connecting"]
        assert not await waiting_notices(post)


async def take_nothing(raws, me, late):
    pass


async def fail_once(poller: Poller) -> None:
    with pytest.raises(Exception) as failed:
        await poller.step()
    await poller._failed(failed.value)


async def waiting_notices(post: Post):
    return await post.store.people.all("notices.due", now=2**62, most=10)


async def test_a_webhook_somebody_set_is_removed(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path, listen=False) as post:
        street.world.updates.webhook = "https://elsewhere.example"
        await fail_once(Poller(post.front._wire, post.engine, take_nothing))
        assert street.world.updates.webhook == ""


async def test_a_shop_starts_and_runs_while_telegram_is_away(street: Street, tmp_path: Path):
    street.world.fault("server_error", times=2, on="getMe")
    async with open_post(street, tmp_path) as post:
        assert [one.key for one in post.engine.health.remarks] == ["connecting"]
        await until(lambda: [one.key for one in post.engine.health.remarks] == ["unreachable"])
        await street.ask("待办", "没有待办")
        assert post.engine.health.remarks == ()


async def test_a_wrong_token_is_said_and_written_nowhere(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path, listen=False) as post:
        secret = f"123456789:{'A' * 35}"
        wire = Wire(secret, street.world.api_url)
        with everything_logged() as log:
            poller = Poller(wire, post.engine, take_nothing)
            await fail_once(poller)
            logging.getLogger("zhanggui.test").error("by mistake %s", f"{street.world.api_url}/bot{secret}/getMe")
        await wire.close()
        assert [one.key for one in post.engine.health.remarks] == ["token_refused"]
        assert "A" * 35 not in log.getvalue()
        assert "123456789:***" in log.getvalue()


async def test_the_token_reaches_no_log_and_no_error_whatever_breaks(street: Street, tmp_path: Path):
    secret = street.world.token.partition(":")[2]
    with everything_logged() as log:
        async with open_post(street, tmp_path) as post:
            await street.ask("待办", "没有待办")
            for dial in ("drop_before", "drop_after", "server_error", "rate_limit"):
                street.world.fault(dial, times=1, on="sendMessage")
                with pytest.raises(Transient) as failed:
                    await post.tell("通知")
                assert secret not in repr(failed.value) + str(failed.value.facts)
        closed = Wire(street.world.token, "http://127.0.0.1:9")
        with pytest.raises(Transient) as failed:
            await closed.me()
        assert not isinstance(failed.value, MaybeSent)
        await closed.close()
    assert secret not in log.getvalue()


def everything_logged():
    return Everything()


class Everything:
    """The log as `zhanggui run` sets it up, down to the last line."""

    def __enter__(self) -> io.StringIO:
        self._text = io.StringIO()
        self._handler = logging.StreamHandler(self._text)
        names = ("", "telegram", "httpx", "httpcore")
        self._levels = {name: logging.getLogger(name).level for name in names}
        open_log(self._handler, logging.DEBUG)
        return self._text

    def __exit__(self, *error: object) -> None:
        logging.getLogger().removeHandler(self._handler)
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)


PAGES = [b"<html>log in to the hotel</html>", b"[]", b'{"ok": true}', b'{"ok": true, "result": {"a": 1}}', b"\xff\xfe"]


@pytest.mark.parametrize("page", PAGES)
async def test_an_answer_that_is_none_is_an_outage_and_no_bug(page: bytes):
    """Whoever stands between us and Telegram may answer with anything."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(page) + page)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        wire = Wire("1:A", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(Transient):
            await wire.updates(None, 0)
        await wire.close()
