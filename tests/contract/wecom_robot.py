"""A client of WeCom's long connection that knows the facts alone: no line of it is the shop's."""

import asyncio
import itertools
import json
from contextlib import asynccontextmanager

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from bot.sandbox.wecom import WecomWorld

GROUP, ZHANG, LI = "wrkPretendGROUP", "ZhangSan", "LiSi"


class Robot:
    """Sends commands and waits for their acks; callbacks wait in a queue."""

    def __init__(self, ws):
        self.ws = ws
        self.heard = asyncio.Queue()
        self._acks = {}
        self._numbers = itertools.count(1)
        self._reading = asyncio.create_task(self._read())

    async def _read(self):
        try:
            async for raw in self.ws:
                try:
                    frame = json.loads(raw)
                except ValueError:
                    continue
                if isinstance(frame, dict) and "cmd" not in frame and "headers" in frame:
                    self._acks.pop(frame["headers"]["req_id"]).set_result(frame)
                elif isinstance(frame, dict) and str(frame.get("cmd")).endswith("_callback"):
                    self.heard.put_nowait(frame)
        except ConnectionClosed:
            pass

    async def ask(self, cmd, body=None, req_id=None, wait_s=1.0):
        """The ack of a command; TimeoutError when none comes."""
        req_id = req_id or f"{cmd}_{next(self._numbers)}"
        answer = self._acks[req_id] = asyncio.get_running_loop().create_future()
        frame = {"cmd": cmd, "headers": {"req_id": req_id}}
        await self.ws.send(json.dumps(frame if body is None else {**frame, "body": body}))
        return await asyncio.wait_for(answer, wait_s)

    async def code(self, cmd, body=None, req_id=None):
        """The errcode of a command."""
        return (await self.ask(cmd, body, req_id))["errcode"]

    async def push(self, words, chat=GROUP):
        return await self.code(
            "aibot_send_msg", {"chatid": chat, "msgtype": "markdown", "markdown": {"content": words}}
        )

    async def push_card(self, card, chat=GROUP):
        body = {"chatid": chat, "msgtype": "template_card", "template_card": card}
        return await self.code("aibot_send_msg", body)

    async def reply(self, req_id, body):
        return await self.code("aibot_respond_msg", body, req_id)

    async def update(self, req_id, card, userids=None):
        body = {"response_type": "update_template_card", "template_card": card}
        return await self.code("aibot_respond_update_msg", body | ({"userids": userids} if userids else {}), req_id)

    async def next(self, wait_s=1.0):
        return await asyncio.wait_for(self.heard.get(), wait_s)

    async def close(self):
        await self.ws.close()
        await self._reading


def card(task_id="ship-1@1", **changes):
    found = {
        "card_type": "button_interaction",
        "main_title": {"title": "高风险发货待审批", "desc": "订单 42"},
        "horizontal_content_list": [{"keyname": "金额", "value": "¥1,299"}],
        "button_list": [{"text": "批准发货", "style": 1, "key": "approve"}, {"text": "驳回", "style": 3, "key": "no"}],
        "task_id": task_id,
    }
    return {key: value for key, value in {**found, **changes}.items() if value is not None}


def markdown(words):
    return {"msgtype": "markdown", "markdown": {"content": words}}


async def dial_in(world):
    return Robot(await connect(world.addresses["wecom_ws"], compression=None))


@asynccontextmanager
async def robot(**opening):
    """A world with a group and a subscribed robot that somebody has spoken to."""
    async with WecomWorld.open(**opening) as world:
        world.office.add_group(GROUP)
        one = await dial_in(world)
        assert await one.code("aibot_subscribe", {"bot_id": world.bot_id, "secret": world.secret}) == 0
        await world.people.type(GROUP, ZHANG, "你好")
        await one.next()
        try:
            yield world, one
        finally:
            await one.close()
