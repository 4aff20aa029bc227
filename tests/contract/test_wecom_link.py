"""The long connection lives through what the gateway does to it; against the pretend gateway, with short waits."""

import asyncio
import base64
import hashlib
import re
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from pydantic import SecretStr
from websockets.asyncio.client import connect

from bot.fronts.wecom.faults import Code, Rejected
from bot.fronts.wecom.link import Connection, Ended, Talk, Times
from bot.fronts.wecom.shapes import RESPOND, SEND, Said
from bot.sandbox.wecom import WecomWorld
from core.config.wecom import WecomAibot
from core.errors import Transient, Unknown
from tests.contract.wecom_robot import GROUP, ZHANG, dial_in, markdown

SHORT = Times(
    ack_s=0.3, ping_s=0.1, first_s=0.05, last_s=0.2, kicked_s=0.3, stable_s=60, conflict_s=(0.02, 0.05), open_s=1
)


class Ear:
    """What a connection told: events, and how it was, in order."""

    def __init__(self):
        self.events = asyncio.Queue()
        self.codes = []
        self.news = asyncio.Event()

    async def changed(self, code, _why):
        self.codes.append(code)
        self.news.set()

    async def until(self, count, code=Code.up, wait_s=3.0):
        async with asyncio.timeout(wait_s):
            while self.codes.count(code) < count:
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def connected(world, times=SHORT, secret=None):
    ear = Ear()
    settings = WecomAibot(
        bot_id=world.bot_id, secret=SecretStr(secret or world.secret), ws_url=world.addresses["wecom_ws"]
    )
    connection = Connection(settings, times, ear.events.put_nowait, ear.changed)
    keeping = asyncio.create_task(connection.keep())
    try:
        if secret is None:
            await ear.until(1)
        yield connection, ear, keeping
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


@pytest.fixture
async def world():
    async with WecomWorld.open() as world:
        world.office.add_group(GROUP)
        yield world


def push(words):
    return {"chatid": GROUP, **markdown(words)}


async def test_it_subscribes_hears_and_speaks(world):
    async with connected(world) as (connection, ear, _):
        await world.people.type(GROUP, ZHANG, "待办")
        said = await ear.events.get()
        assert isinstance(said, Said)
        await connection.ask(RESPOND, markdown("没有"), said.place.req_id)
        await connection.ask(SEND, push("早"))
        assert [entry["kind"] for entry in world.office.noted("replied", "sent")] == ["replied", "sent"]


@pytest.mark.parametrize("dial", ["close", "abort", "silent_death"])
async def test_it_comes_back_however_the_socket_ends(world, dial):
    async with connected(world) as (_, ear, _):
        world.office.fault(dial)
        await ear.until(2)
        assert ear.codes[:3] == [Code.up, Code.down, Code.up]


async def test_it_comes_back_within_two_seconds_of_a_clean_close_as_it_is_set(world):
    async with connected(world, Times()) as (_, ear, _):
        await world.gateway.line(world.bot_id).ws.close(1000)
        began = asyncio.get_running_loop().time()
        await ear.until(2)
        assert asyncio.get_running_loop().time() - began < 2


async def test_one_missed_pong_is_borne_and_two_in_a_row_are_not(world):
    async with connected(world, replace(SHORT, ack_s=0.1)) as (_, ear, _):
        world.office.fault("missed_pong", 1)
        await asyncio.sleep(0.5)
        assert ear.codes == [Code.up]
        world.office.fault("missed_pong", 2)
        await ear.until(2)


async def test_a_kicked_connection_waits_long_and_says_so(world):
    async with connected(world, replace(SHORT, kicked_s=0.6)) as (connection, ear, _):
        other = await dial_in(world)
        await other.code("aibot_subscribe", {"bot_id": world.bot_id, "secret": world.secret})
        await ear.until(1, Code.kicked)
        await asyncio.sleep(0.3)
        assert not connection.is_up
        with pytest.raises(Transient, match="chat_unreachable"):
            await connection.ask(SEND, push("早"))
        await ear.until(2)
        await other.close()


async def test_refused_credentials_end_it(world):
    async with connected(world, secret="wrong") as (_, ear, keeping):
        await asyncio.wait_for(keeping, 2)
        assert ear.codes == [Code.credentials]
        assert len(world.office.noted("subscribed")) == 0


async def test_a_subscription_without_an_answer_is_tried_again(world):
    world.office.fault("lost_command", on="aibot_subscribe")
    async with connected(world) as (_, ear, _):
        assert ear.codes == [Code.down, Code.up]


async def test_waits_double_until_a_gateway_is_there():
    async with WecomWorld.open() as world:
        address = dict(world.addresses)
    world.addresses = address
    async with connected(world, secret="none") as (_, ear, _):
        began = asyncio.get_running_loop().time()
        await ear.until(4, Code.down)
        assert 0.05 + 0.1 + 0.2 <= asyncio.get_running_loop().time() - began < 2


async def closes(world, ear, count, *, live_s=0.0):
    """Close cleanly so many times, each time after it lived for a while; the real seconds of each way back."""
    waits_s, loop = [], asyncio.get_running_loop()
    for _ in range(count):
        await asyncio.sleep(live_s)
        ups, began_s = ear.codes.count(Code.up), loop.time()
        await world.gateway.line(world.bot_id).ws.close(1000)
        await ear.until(ups + 1)
        waits_s.append(loop.time() - began_s)
    return waits_s


async def test_five_clean_closes_in_a_row_wait_longer_each_time_up_to_a_limit(world):
    async with connected(world, replace(SHORT, first_s=0.1, last_s=0.8)) as (_, ear, _):
        waits_s = await closes(world, ear, 5)
        for wait_s, least_s in zip(waits_s, (0.1, 0.2, 0.4, 0.8, 0.8), strict=True):
            assert least_s <= wait_s < least_s + 0.3
        assert len(world.office.noted("subscribed")) == 6, "subscribing is rate protected: once each"


async def test_a_connection_that_lived_long_begins_anew_and_one_that_did_not_does_not(world):
    times = replace(SHORT, first_s=0.1, last_s=9, stable_s=0.5)
    async with connected(world, times) as (_, ear, _):
        await closes(world, ear, 2)
        (after_long,) = await closes(world, ear, 1, live_s=0.6)
        assert after_long < 0.3
        after_short, another = await closes(world, ear, 2)
        assert after_short >= 0.2, "the control"
        assert another >= 0.4


def test_the_waits_as_set_are_one_second_doubling_to_thirty_and_a_minute_for_a_kick():
    assert (Times().first_s, Times().last_s, Times().kicked_s) == (1.0, 30.0, 60.0)


@pytest.mark.parametrize(("dial", "error"), [("lost_ack", Unknown), ("lost_command", Unknown), ("too_fast", Rejected)])
async def test_a_command_without_a_good_ack_says_what_is_known(world, dial, error):
    async with connected(world) as (connection, _, _):
        await world.people.type(GROUP, ZHANG, "早")
        world.office.fault(dial, on=SEND)
        with pytest.raises(error):
            await connection.ask(SEND, push("早"))
        await connection.ask(SEND, push("好"))


async def test_a_command_whose_socket_ends_is_in_doubt(world):
    async with connected(world, replace(SHORT, ack_s=5, ping_s=9)) as (connection, ear, _):
        world.office.fault("close", on=SEND)
        with pytest.raises(Unknown):
            await asyncio.wait_for(connection.ask(SEND, push("早")), 1)
        await ear.until(2)


async def test_a_conflict_is_given_again_and_not_for_ever(world):
    async with connected(world) as (connection, _, _):
        await world.people.type(GROUP, ZHANG, "早")
        world.office.fault("version_conflict", 2, on=SEND)
        await connection.ask(SEND, push("早"))
        world.office.fault("version_conflict", 9, on=SEND)
        with pytest.raises(Rejected, match="6000"):
            await connection.ask(SEND, push("早"))


async def test_one_frame_of_a_req_id_is_under_way_at_a_time(world):
    async with connected(world) as (connection, ear, _):
        await world.people.type(GROUP, ZHANG, "统计")
        req_id = (await ear.events.get()).place.req_id
        world.office.fault("slow_ack", on=RESPOND, by_s=0.1)
        await asyncio.gather(*(connection.ask(RESPOND, markdown(str(n)), req_id) for n in range(3)))
        assert [e["errcode"] for e in world.office.noted("refused")] == []
        assert len(world.office.noted("replied")) == 3


async def test_garbage_does_not_end_it(world):
    async with connected(world) as (_, ear, _):
        world.office.fault("garbage")
        await world.people.type(GROUP, ZHANG, "好的")
        assert (await ear.events.get()).text == "@店铺助手 好的"
        assert ear.codes == [Code.up]


async def test_a_peer_that_reads_nothing_is_left():
    """What it does not read fills the socket, and a ping behind it would wait for ever."""

    async def deaf(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        key = re.search(rb"Sec-WebSocket-Key: (\S+)", head)[1]
        accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
        writer.write(b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        await over.wait()
        writer.transport.abort()

    over = asyncio.Event()
    server = await asyncio.start_server(deaf, "127.0.0.1", 0, limit=1024)
    url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with connect(url, compression=None, ping_interval=None, close_timeout=0.1) as ws:
        talk = Talk(ws, replace(SHORT, send_s=0.2), lambda _: None, lambda: None)
        big = {"base64_data": "x" * (30 << 20)}
        with pytest.raises(Unknown):
            async with asyncio.timeout(5):
                await talk.ask("aibot_upload_media_chunk", big)
        with pytest.raises(Ended, match="not answered"):
            async with asyncio.timeout(5):
                await talk.beat()
        ws.transport.abort()
    over.set()
    server.close()
    await server.wait_closed()
    await asyncio.sleep(0.05)
