"""The model adapter against a real HTTP endpoint: what it asks, and what each failure means."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from core.errors import ModelDown, OutOfCredit
from core.outside.model import OpenAIModel
from core.outside.ports import Turn

TURNS = (Turn(role="system", text="你是卖家"), Turn(role="user", text="还在吗"))


def answer(text="在的", **more):
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m-1",
        "choices": [choice],
        "usage": usage,
    } | more


class Endpoint:
    """Answers every request with the same status and body."""

    def __init__(self, status=200, body=None, delay_s=0.0, headers=()):
        self.status, self.delay_s, self.headers = status, delay_s, headers
        self.body = body if isinstance(body, bytes) else json.dumps(answer() if body is None else body).encode()
        self.asked = []

    async def serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.asked.append((head, json.loads(await reader.readexactly(length))))
                await asyncio.sleep(self.delay_s)
                lines = [f"HTTP/1.1 {self.status} X", "content-type: application/json", *self.headers]
                lines.append(f"content-length: {len(self.body)}")
                writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + self.body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def model_at(endpoint, timeout_s=2.0, api_key="secret-key"):
    server = await asyncio.start_server(endpoint.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with OpenAIModel(f"http://127.0.0.1:{port}/v1", api_key, "m", timeout_s) as model:
            yield model
    finally:
        server.close()
        await server.wait_closed()


async def test_the_turns_are_asked_and_the_answer_comes_with_its_cost():
    endpoint = Endpoint()
    async with model_at(endpoint) as model:
        said = await model.complete(TURNS, temperature=0.3, max_tokens=50)
    head, body = endpoint.asked[0]
    assert head.startswith(b"POST /v1/chat/completions ") and b"Bearer secret-key" in head
    assert body["messages"] == [{"role": "system", "content": "你是卖家"}, {"role": "user", "content": "还在吗"}]
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("m", 0.3, 50)
    assert (said.text, said.model, said.tokens_in, said.tokens_out) == ("在的", "m-1", 9, 2)
    assert said.took_s > 0


async def test_a_server_of_ones_own_needs_no_key():
    endpoint = Endpoint()
    async with model_at(endpoint, api_key="") as model:
        assert (await model.complete(TURNS, 0.3)).text == "在的"
    assert b"Bearer none" in endpoint.asked[0][0]


@pytest.mark.parametrize("status", [401, 402, 403])
async def test_a_refused_key_or_bill_is_the_owners_business(status):
    async with model_at(Endpoint(status, {"error": {"message": "no"}})) as model:
        with pytest.raises(OutOfCredit):
            await model.complete(TURNS, 0.3)


async def test_a_used_up_quota_is_the_owners_business_though_it_looks_like_throttling():
    async with model_at(Endpoint(429, {"error": {"message": "no", "code": "insufficient_quota"}})) as model:
        with pytest.raises(OutOfCredit):
            await model.complete(TURNS, 0.3)


@pytest.mark.parametrize("status", [400, 404, 429, 500, 502, 503])
async def test_any_other_refusal_is_the_model_being_down_and_asked_once(status):
    endpoint = Endpoint(status, {"error": {"message": "no"}}, headers=["retry-after: 7"])
    async with model_at(endpoint) as model:
        with pytest.raises(ModelDown) as down:
            await model.complete(TURNS, 0.3)
    assert down.value.retry_after_s == 7
    assert len(endpoint.asked) == 1


async def test_an_answer_that_takes_too_long_is_not_waited_for():
    async with model_at(Endpoint(delay_s=0.5), timeout_s=0.1) as model:
        with pytest.raises(ModelDown):
            await model.complete(TURNS, 0.3)


@pytest.mark.parametrize(
    "body",
    [
        answer(""),
        answer("  "),
        answer(None),
        answer(choices=[]),
        {},
        b"[]",
        b"",
        b"<html>",
        b'{"choices":null}',
        b'"x"',
    ],
)
async def test_an_answer_without_words_is_the_model_being_down(body):
    async with model_at(Endpoint(body=body)) as model:
        with pytest.raises(ModelDown):
            await model.complete(TURNS, 0.3)


async def test_nobody_there_is_the_model_being_down():
    async with OpenAIModel("http://127.0.0.1:9/v1", "k", "m", 1) as model:
        with pytest.raises(ModelDown):
            await model.complete(TURNS, 0.3)


async def test_a_key_never_stands_in_an_error():
    async with model_at(Endpoint(401, {"error": {"message": "bad key secret-key"}})) as model:
        with pytest.raises(OutOfCredit) as refused:
            await model.complete(TURNS, 0.3)
    assert "secret-key" not in str(refused.value)
