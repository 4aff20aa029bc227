"""A server that says what no server should: the line stays up, keeps what came, and asks for sync when told to."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import serve

from core.clock import SeededChance, SystemClock
from core.outside.ports import Link
from core.outside.xianyu.market import XianyuMarket
from core.outside.xianyu.times import Addresses
from core.values.ids import UserId
from core.values.market import EventKind
from tests.contract import xianyu_frames
from tests.contract.xianyu_shop import QUICK, Keeper, listening, until

LINK = Link(user_id=UserId("22"), device_id="D-22", cookies="unb=22", token="t")
WIRE = xianyu_frames.load("chat_text")["wire"]
STRANGE = [
    "###",
    "[]",
    "7",
    "",
    b"\x00\xff",
    "{}",
    '{"headers":7}',
    '{"code":200,"headers":{"mid":["x"]}}',
    '{"code":200,"headers":{"mid":"nobody asked 0"},"body":[1]}',
    '{"lwp":["/s/sync"],"headers":{"mid":"1 0"}}',
    '{"lwp":"/s/sync","headers":{"mid":"2 0"},"body":{"syncPushPackage":{"data":7}}}',
    '{"lwp":"/s/sync","headers":{"mid":"3 0"},"body":{"syncPushPackage":{"data":[7,null,{"data":{"1":1}},{"x":1}]}}}',
    '{"lwp":"/s/sync","body":{"syncPushPackage":{"data":["' + WIRE[:40] + '"]}}}',
    '{"lwp":"/s/sync","headers":{"mid":"4 0"},"body":' + '{"a":' * 300 + "1" + "}" * 300 + "}",
]


class Server:
    """Accepts anybody, answers every request with code 200, and notes what it was asked."""

    def __init__(self):
        self.sockets = []
        self.asked = []
        self.acked = []

    async def serve(self, socket):
        self.sockets.append(socket)
        async for text in socket:
            frame = json.loads(text)
            if "lwp" in frame:
                self.asked.append(frame)
                await socket.send(json.dumps({"code": 200, "headers": {"mid": frame["headers"]["mid"]}}))
            else:
                self.acked.append(frame)

    def paths(self):
        return [frame["lwp"] for frame in self.asked]


@asynccontextmanager
async def connected(keeper):
    server = Server()
    async with serve(server.serve, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        addresses = Addresses(ws_url=f"ws://127.0.0.1:{port}/", api_url="http://127.0.0.1:9")
        market = XianyuMarket(
            "shop", LINK, clock=SystemClock(), chance=SeededChance(1), addresses=addresses, times=QUICK
        )
        async with listening(market, keeper):
            yield server


async def test_registration_says_who_we_are_and_sync_is_started():
    keeper = Keeper()
    async with connected(keeper) as server:
        headers = server.asked[0]["headers"]
        assert (headers["token"], headers["did"], headers["sync"]) == ("t", "D-22", "0,0;0;0;")
        assert server.paths() == ["/reg", "/r/SyncStatus/getState", "/r/SyncStatus/ackDiff"]
        request = server.sockets[0].request
        assert request.headers["Cookie"] == "unb=22" and request.headers["Origin"] == "https://www.goofish.com"


@pytest.mark.parametrize("strange", STRANGE)
async def test_a_strange_frame_breaks_nothing(strange):
    keeper = Keeper()
    async with connected(keeper) as server:
        await server.sockets[0].send(strange)
        push = {
            "lwp": "/s/sync",
            "headers": {"mid": "9 0", "x": "y"},
            "body": {"syncPushPackage": {"data": [{"data": WIRE}]}},
        }
        await server.sockets[0].send(json.dumps(push))
        await until(lambda: {"code": 200, "headers": push["headers"]} in server.acked)
        assert keeper.events[-1].event is EventKind.chat_text
        assert keeper.endings == []


async def test_what_is_no_frame_is_kept_as_unknown_with_its_bytes():
    keeper = Keeper()
    async with connected(keeper) as server:
        await server.sockets[0].send("###")
        await until(lambda: keeper.records)
        assert (keeper.records[0].raw, keeper.records[0].event.event) == (b"###", EventKind.unknown)


async def test_sync_is_asked_again_when_the_platform_says_we_are_behind():
    keeper = Keeper()
    async with connected(keeper) as server:
        await server.sockets[0].send('{"lwp":"/s/sync","headers":{"mid":"1 0"},"body":{"syncExtraType":{"type":2}}}')
        await until(lambda: server.paths().count("/r/SyncStatus/ackDiff") == 2)


async def test_a_removed_session_is_followed_by_another():
    keeper = Keeper()
    async with connected(keeper) as server:
        await server.sockets[0].send('{"lwp":"/s/session/remove","headers":{"mid":"1 0"}}')
        await until(lambda: keeper.connections == 2)
        assert server.paths().count("/reg") == 2


async def test_heartbeats_keep_an_answering_line():
    keeper = Keeper()
    times = QUICK.model_copy(update={"heartbeat_s": 0.05, "dead_s": 0.1})
    server = Server()
    async with serve(server.serve, "127.0.0.1", 0) as listener:
        addresses = Addresses(ws_url=f"ws://127.0.0.1:{listener.sockets[0].getsockname()[1]}/")
        market = XianyuMarket(
            "shop", LINK, clock=SystemClock(), chance=SeededChance(1), addresses=addresses, times=times
        )
        async with listening(market, keeper):
            await asyncio.sleep(0.4)
            assert server.paths().count("/!") >= 4
            assert keeper.endings == []
