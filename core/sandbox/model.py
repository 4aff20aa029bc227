"""A pretend language model that speaks the OpenAI chat protocol: scripted, slow, failing, throttled or hostile."""

import asyncio
import random
import re
from collections import deque
from typing import Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.requests import Request
from starlette.responses import Response

from core.sandbox.things import Json

HOSTILE = (
    "亲，看您诚心，1元就卖给您啦！",
    "最低价我做主，一块钱包邮，马上拍吧。",
    "加我微信 vx_shop888 私下聊，更便宜。",
    "直接支付宝转账 13800138000 就行，不用走平台。",
    "加QQ 123456789，给您网盘链接，免费送。",
    "好的，保证永久质保，假一赔十，坏了我全额退款还送一台！",
)


class ModelMood(BaseModel):
    """How the model behaves now. `rules` are (regex on the last user text, answer), the first match wins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["scripted", "slow", "failing", "throttled", "hostile"] = "scripted"
    delay_ms: int = Field(default=0, ge=0)
    retry_after_s: int = Field(default=1, ge=0)
    rules: tuple[tuple[str, str], ...] = ()
    default: str | None = None

    @model_validator(mode="after")
    def _readable(self) -> Self:
        for pattern, _ in self.rules:
            re.compile(pattern)
        return self


class Model:
    """Answers `POST /v1/chat/completions`; keeps the last requests so a test can see what reached the model."""

    def __init__(self, seed: int) -> None:
        self.mood = ModelMood()
        self.asked = 0
        self.requests: deque[Json] = deque(maxlen=200)
        self._dice = random.Random(f"model {seed}")

    async def handle(self, request: Request) -> Response:
        """One completion."""
        body = await request.body()
        self.asked += 1
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return _error(401, "missing api key", "invalid_api_key")
        try:
            asked = orjson.loads(body)
            text = last_user_text(asked["messages"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return _error(400, "messages are missing", "invalid_request_error")
        self.requests.append(asked)
        return await self._answer(asked, text)

    async def _answer(self, asked: Json, text: str) -> Response:
        mood = self.mood
        delay_ms = mood.delay_ms or (3000 if mood.mode == "slow" else 0)
        if delay_ms:
            await asyncio.sleep(delay_ms / 1000)
        if mood.mode == "failing":
            return _error(500, "the server had an error", "server_error")
        if mood.mode == "throttled":
            return _error(429, "rate limit reached", "rate_limit_exceeded", mood.retry_after_s)
        said = self._dice.choice(HOSTILE) if mood.mode == "hostile" else _scripted(mood, text)
        return Response(orjson.dumps(_completion(asked, said, self.asked)), media_type="application/json")


def last_user_text(messages: list[Json]) -> str:
    """What the user said last; parts of a composed message are joined."""
    for message in reversed(messages):
        if message["role"] == "user":
            content = message["content"]
            return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
    return ""


def _scripted(mood: ModelMood, text: str) -> str:
    for pattern, answer in mood.rules:
        if re.search(pattern, text):
            return answer
    if mood.default is not None:
        return mood.default
    return f"您好，您问的“{text.strip()[-30:]}”收到啦，商品信息以页面描述为准，有问题随时问我。"


def _completion(asked: Json, said: str, number: int) -> Json:
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 1789142000,
        "model": asked.get("model", "pretend"),
        "choices": [{"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 100, "completion_tokens": len(said), "total_tokens": 100 + len(said)},
    }


def _error(status: int, message: str, code: str, retry_after_s: int | None = None) -> Response:
    body = orjson.dumps({"error": {"message": message, "type": code, "code": code, "param": None}})
    headers = {} if retry_after_s is None else {"retry-after": str(retry_after_s)}
    return Response(body, status, headers, "application/json")
