"""A bare client of the marketplace, written from the facts alone, and the world's promise that it can trade.

Imported by the other world tests. It shares no code with the shop or the world.
"""

import asyncio
import base64
import hashlib
import json
import time
import uuid
from contextlib import asynccontextmanager

import httpx2
import msgpack
import pytest
import websockets

from core.sandbox import World

IM_KEY = "444e9908a51d1cb236a27862abc769c9"
H5_KEY = "34839810"
SOON_S = 5


class BareClient:
    """Logs in, receives, sends and ships over the documented wire."""

    def __init__(self, addresses, cookie, did=None):
        self.addresses = addresses
        self.jar = dict(part.split("=", 1) for part in cookie.split("; "))
        self.did = did or f"{uuid.uuid4()}-{self.jar['unb']}".upper()
        self.http = httpx2.AsyncClient(timeout=10)
        self.ws = None
        self.replies = {}
        self.pushes = asyncio.Queue()
        self.others = asyncio.Queue()
        self.reader = None
        self.acks = True
        self.number = 0

    def mid(self):
        self.number += 1
        return f"{self.number}{int(time.time() * 1000)} 0"

    async def mtop(self, api, data, version="1.0", **wrong):
        """One call without any retry: the decoded answer; Set-Cookie goes into the jar."""
        body = json.dumps(data, separators=(",", ":"))
        t = str(wrong.get("t", int(time.time() * 1000)))
        token = self.jar.get("_m_h5_tk", "").split("_")[0]
        sign = wrong.get("sign") or hashlib.md5(f"{token}&{t}&{H5_KEY}&{body}".encode()).hexdigest()
        query = {"jsv": "2.7.2", "appKey": wrong.get("app_key", H5_KEY), "t": t, "sign": sign, "v": version, "api": api}
        answer = await self.http.post(
            f"{self.addresses['market_api']}/h5/{api}/{version}/",
            params=query,
            data={"data": body},
            headers={"cookie": "; ".join(f"{k}={v}" for k, v in self.jar.items())},
            timeout=wrong.get("timeout", 10),
        )
        self.jar |= dict(answer.cookies)
        return answer.json() if answer.status_code == 200 else {"ret": [f"HTTP {answer.status_code}"]}

    async def call(self, api, data, version="1.0"):
        """A call as a careful client makes it: on a stale `_m_h5_tk` once more with the fresh one."""
        answer = await self.mtop(api, data, version)
        if answer["ret"][0].startswith("FAIL_SYS_TOKEN_"):
            answer = await self.mtop(api, data, version)
        return answer

    async def token(self):
        data = {"appKey": IM_KEY, "deviceId": self.did}
        return (await self.call("mtop.taobao.idlemessage.pc.login.token", data))["data"]["accessToken"]

    async def connect(self, token=None, did=None, register=True):
        self.ws = await websockets.connect(self.addresses["market_ws"], max_size=8 << 20, ping_interval=None)
        self.reader = asyncio.create_task(self.read())
        if not register:
            return None
        headers = {"cache-header": "app-key token ua wv", "app-key": IM_KEY, "token": token or await self.token()}
        headers |= {"ua": "bare", "dt": "j", "wv": "im:3,au:3,sy:6", "sync": "0,0;0;0;", "did": did or self.did}
        return await self.rpc("/reg", None, **headers)

    async def read(self):
        try:
            async for text in self.ws:
                frame = json.loads(text)
                mid = frame["headers"]["mid"]
                if frame.get("lwp") == "/s/sync":
                    self.pushes.put_nowait((time.monotonic(), text, frame))
                    if self.acks:
                        await self.ws.send(
                            json.dumps({"code": 200, "headers": {"mid": mid, "sid": frame["headers"]["sid"]}})
                        )
                elif "lwp" in frame:
                    self.others.put_nowait(frame)
                elif mid in self.replies:
                    self.replies.pop(mid).set_result(frame)
        except websockets.ConnectionClosed:
            pass

    async def rpc(self, lwp, body, timeout=SOON_S, **headers):
        mid = self.mid()
        self.replies[mid] = asyncio.get_running_loop().create_future()
        frame = {"lwp": lwp, "headers": {"mid": mid, **headers}}
        if body is not None:
            frame["body"] = body
        await self.ws.send(json.dumps(frame))
        return await asyncio.wait_for(self.replies[mid], timeout)

    async def frame(self, timeout=SOON_S):
        """The next push: (when, text, frame)."""
        return await asyncio.wait_for(self.pushes.get(), timeout)

    async def records(self, timeout=SOON_S):
        """Every decoded record of the next push; a broken one is None."""
        _, _, frame = await self.frame(timeout)
        return [decode(entry) for entry in frame["body"]["syncPushPackage"]["data"]]

    async def until(self, wanted, timeout=SOON_S):
        """The first record that `wanted` accepts."""
        async with asyncio.timeout(timeout):
            while True:
                for record in await self.records(timeout):
                    if record is not None and wanted(record):
                        return record

    async def silence(self, wanted, seconds=0.3):
        """True when no such record comes for a while."""
        try:
            await self.until(wanted, seconds)
        except TimeoutError:
            return True
        return False

    async def send(self, chat_id, buyer_id, text, timeout=SOON_S):
        content = base64.b64encode(json.dumps({"contentType": 1, "text": {"text": text}}).encode()).decode()
        message = {
            "uuid": f"-{int(time.time() * 1000)}1",
            "cid": f"{chat_id}@goofish",
            "conversationType": 1,
            "content": {"contentType": 101, "custom": {"type": 1, "data": content}},
            "redPointPolicy": 0,
            "extension": {"extJson": "{}"},
            "ctx": {"appVersion": "1.0", "platform": "web"},
            "mtags": {},
            "msgReadStatusSetting": 1,
        }
        scope = {"actualReceivers": [f"{buyer_id}@goofish", f"{self.jar['unb']}@goofish"]}
        return await self.rpc("/r/MessageSend/sendByReceiverScope", [message, scope], timeout)

    async def history(self, chat_id, cursor=9007199254740991, limit=20):
        body = [f"{chat_id}@goofish", False, cursor, limit, False]
        return (await self.rpc("/r/MessageManager/listUserMessages", body))["body"]

    async def close(self):
        if self.reader:
            self.reader.cancel()
        if self.ws:
            if self.ws.state is websockets.State.OPEN:
                self.ws.transport.abort()
            await self.ws.wait_closed()
        await self.http.aclose()


def decode(entry):
    try:
        raw = base64.b64decode(entry["data"], validate=True)
        if raw[:1] == b"{":
            return json.loads(raw)
        return msgpack.unpackb(raw, strict_map_key=False)
    except ValueError:
        return None


def body_of(record):
    """The message body, also when it stands one level deeper."""
    outer = record.get(1) if isinstance(record, dict) else None
    for level in (outer, outer.get(1) if isinstance(outer, dict) else None):
        if isinstance(level, dict) and isinstance(level.get(10), dict):
            return level
    return None


def says(text):
    """Accepts the chat message with this text."""
    return lambda record: (body := body_of(record)) is not None and body[10]["reminderContent"] == text


def reminds(text):
    """Accepts the session summary with this reminder."""
    return lambda record: isinstance(record.get(3), dict) and record[3].get("redReminder") == text


@asynccontextmanager
async def shop(world, **more):
    """A bare client of the default account, registered."""
    cookie = (await world.control.get("/accounts"))["accounts"][0]["cookie"]
    client = BareClient(world.addresses, cookie, **more)
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def counter(seed=0, **item):
    """A world, a connected client, an item and a buyer."""
    async with World.open(seed=seed) as world, shop(world) as client:
        assert (await client.connect())["code"] == 200
        facts = {"virtual": True} | item
        item_id = await world.control.item("手机壳", 1990, **facts)
        yield world, client, item_id, await world.control.buyer("小明")


async def test_a_bare_client_logs_in_receives_acknowledges_and_sends():
    async with counter() as (world, client, item_id, buyer_id):
        talk = await world.control.talk(buyer_id, item_id, "在吗？")
        record = await client.until(says("在吗？"))
        body = body_of(record)
        assert (body[2], body[3], body[7]) == (f"{talk['chat_id']}@goofish", talk["pnm_id"], 2)
        assert body[10]["senderUserId"] == buyer_id
        assert body[10]["reminderTitle"] == "小明"
        assert f"itemId={item_id}&" in body[10]["reminderUrl"]
        assert json.loads(body[10]["extJson"])["messageId"] == talk["message_id"]
        answer = await client.send(talk["chat_id"], buyer_id, "在的")
        assert answer["code"] == 200
        assert answer["body"]["messageId"].endswith(".PNM")
        echo = body_of(await client.until(says("在的")))
        assert (echo[3], echo[7], echo[10]["senderUserId"]) == (answer["body"]["messageId"], 2, client.jar["unb"])
        (sent,) = await world.control.record("sent")
        assert (sent["text"], sent["chat_id"], sent["buyer_id"]) == ("在的", talk["chat_id"], buyer_id)
        state = await world.control.get("/state")
        assert state["connections"][0]["unacked"] == 0
        assert state["acked"] == state["pushed"] >= 3


async def test_a_token_is_good_only_on_the_device_it_was_made_for():
    async with World.open() as world, shop(world) as client:
        refused = await client.connect(did="another-device")
        assert refused["code"] != 200
        assert refused["body"]["reason"] == "device id or appkey is not equal"
        with pytest.raises(TimeoutError):
            await client.rpc("/!", None, timeout=0.2)


async def test_an_unknown_token_is_refused():
    async with World.open() as world, shop(world) as client:
        refused = await client.connect(token="oauth_k1:made-up")
        assert (refused["code"], refused["body"]["reason"]) == (401, "token is invalid")


async def test_nothing_is_answered_before_registration():
    async with World.open() as world, shop(world) as client:
        await client.connect(register=False)
        for lwp, body in (("/!", None), ("/r/SyncStatus/getState", [{"topic": "sync"}])):
            with pytest.raises(TimeoutError):
                await client.rpc(lwp, body, timeout=0.2)


async def test_after_registration_heartbeats_and_sync_calls_are_answered():
    async with World.open() as world, shop(world) as client:
        assert (await client.connect())["headers"]["reg-uid"] == f"{client.jar['unb']}@goofish"
        assert "server-timestamp" in (await client.rpc("/!", None))["headers"]
        state = (await client.rpc("/r/SyncStatus/getState", [{"topic": "sync"}]))["body"]
        assert (await client.rpc("/r/SyncStatus/ackDiff", [state]))["code"] == 200


@pytest.mark.parametrize(
    "junk", ["", "{", "[]", "7", '{"lwp":"/!"}', '{"lwp":[],"headers":{"mid":"1 0"}}', '{"headers":{"mid":3}}']
)
async def test_a_frame_of_no_known_shape_is_ignored_and_the_socket_lives(junk):
    async with counter() as (world, client, _, __):
        await client.ws.send(junk)
        assert (await client.rpc("/r/nothing/known", []))["code"] == 404
        assert (await client.rpc("/r/SyncStatus/getState", {"topic": "sync"}))["code"] == 400
        assert (await world.control.get("/state"))["refused_frames"] == 1
