"""The pretend model speaks OpenAI's chat protocol in five moods."""

import asyncio
import time

import httpx2
import openai
import pytest

from core.sandbox import World


async def ask(world, text):
    async with openai.AsyncOpenAI(base_url=world.addresses["model"], api_key="any", max_retries=0) as client:
        messages = [{"role": "system", "content": "你是客服"}, {"role": "user", "content": text}]
        answer = await client.chat.completions.create(model="pretend", messages=messages)
        return answer.choices[0].message.content


async def test_it_answers_by_the_first_rule_that_matches_and_else_sensibly():
    async with World.open() as world:
        await world.control.post("/model", mode="scripted", rules=[["便宜|刀", "已经最低了"], [".*便宜.*", "不会到这"]])
        assert await ask(world, "能便宜点吗") == "已经最低了"
        assert "几号发货" in await ask(world, "几号发货")
        state = await world.control.get("/model")
        assert state["asked"] == 2
        assert state["requests"][0]["messages"][-1]["content"] == "能便宜点吗"


async def test_it_fails_and_it_throttles():
    async with World.open() as world:
        await world.control.post("/model", mode="failing")
        with pytest.raises(openai.InternalServerError):
            await ask(world, "在吗")
        await world.control.post("/model", mode="throttled", retry_after_s=7)
        with pytest.raises(openai.RateLimitError) as error:
            await ask(world, "在吗")
        assert error.value.response.headers["retry-after"] == "7"


async def test_it_can_be_slow():
    async with World.open() as world:
        started_s = time.monotonic()
        await ask(world, "在吗")
        quick_s = time.monotonic() - started_s
        await world.control.post("/model", mode="slow", delay_ms=400)
        started_s = time.monotonic()
        await ask(world, "在吗")
        assert time.monotonic() - started_s >= 0.4 > quick_s


async def test_it_can_be_hostile():
    async with World.open(seed=1) as world:
        await world.control.post("/model", mode="hostile")
        said = "".join([await ask(world, "便宜点") for _ in range(20)])
        for word in ("1元", "微信", "支付宝", "QQ"):
            assert word in said


async def test_it_wants_a_key_and_messages():
    async with World.open() as world, httpx2.AsyncClient() as http:
        url = f"{world.addresses['model']}/chat/completions"
        assert (await http.post(url, json={"messages": []})).status_code == 401
        assert (await http.post(url, json={}, headers={"authorization": "Bearer x"})).status_code == 400


async def test_many_are_served_side_by_side():
    async with World.open() as world, httpx2.AsyncClient(limits=httpx2.Limits(max_connections=50)) as http:
        await world.control.post("/model", mode="scripted", delay_ms=200)
        wish = {"model": "m", "messages": [{"role": "user", "content": "在吗"}]}
        url, headers = f"{world.addresses['model']}/chat/completions", {"authorization": "Bearer x"}
        started_s = time.monotonic()
        answers = await asyncio.gather(*(http.post(url, json=wish, headers=headers) for _ in range(50)))
        assert {answer.status_code for answer in answers} == {200}
        assert time.monotonic() - started_s < 2
