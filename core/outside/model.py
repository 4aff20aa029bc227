"""A language model behind an OpenAI-compatible chat endpoint.

The SDK's typed `chat.completions.create` walks every message of every request to rename parameters: 8.8 ms of CPU for a
prompt of 61 messages, which is a whole core at 114 answers a second. `post`, the SDK's door for other endpoints, keeps
its pool, headers, timeouts and errors and costs 1.1 ms; pools of several clients made no difference (measured).
"""

import asyncio
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import httpx2
from openai import APIError, APIStatusError, AsyncOpenAI
from openai.types.chat import ChatCompletion

from core.errors import ModelDown, OutOfCredit, ShopError
from core.outside.http import is_loopback, tls, wished_wait_s
from core.outside.ports import Completion, Turn

_PATH = "/chat/completions"
_REFUSED = frozenset({401, 402, 403})
_NO_MONEY = "insufficient_quota"
_LIMITS = httpx2.Limits(max_connections=256, max_keepalive_connections=64, keepalive_expiry=30)
NO_KEY = "none"


class OpenAIModel:
    """Answers turns. ModelDown when no usable answer came within `timeout_s`, OutOfCredit for key and billing.

    A server of one's own often wants no key: an empty one is sent as NO_KEY, as the client refuses to start without.
    """

    def __init__(self, base_url: str, api_key: str, model: str, timeout_s: float = 30.0) -> None:
        self._model = model
        self._timeout_s = timeout_s
        http = httpx2.AsyncClient(
            limits=_LIMITS,
            timeout=timeout_s,
            verify=tls(),
            trust_env=not is_loopback(base_url),
        )
        self._client = AsyncOpenAI(
            base_url=base_url, api_key=api_key or NO_KEY, timeout=timeout_s, max_retries=0, http_client=http
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    async def complete(self, turns: Sequence[Turn], temperature: float, max_tokens: int = 400) -> Completion:
        """What the model says next, with what it cost."""
        began_s = time.monotonic()
        answer = await self._ask(
            {
                "model": self._model,
                "messages": [{"role": turn.role, "content": turn.text} for turn in turns],
                "temperature": temperature,
                "max_tokens": max_tokens,
            }
        )
        usage = answer.usage
        return Completion(
            text=_text_of(answer),
            model=answer.model or self._model,
            took_s=time.monotonic() - began_s,
            tokens_in=usage.prompt_tokens if usage else 0,
            tokens_out=usage.completion_tokens if usage else 0,
        )

    async def probe(self) -> None:
        """Ask for one token; an empty answer is an answer too."""
        await self._ask({"model": self._model, "messages": [{"role": "user", "content": "ok?"}], "max_tokens": 1})

    async def _ask(self, body: dict[str, object]) -> ChatCompletion:
        """The deadline is over all: the client's own timeout begins anew with every byte."""
        try:
            async with asyncio.timeout(self._timeout_s):
                answer: object = await self._client.post(_PATH, cast_to=ChatCompletion, body=body)
        except TimeoutError as error:
            raise ModelDown("model_down", reason="timeout") from error
        except APIError as error:
            raise _error_of(error) from error
        except ValueError as error:
            raise ModelDown("model_down", reason="no JSON") from error
        if not isinstance(answer, ChatCompletion):
            raise ModelDown("model_down", reason="not an answer of a chat endpoint")
        return answer


def _text_of(answer: ChatCompletion) -> str:
    """The words of the first choice; an endpoint may leave out any part of its answer."""
    choice = next(iter(answer.choices or ()), None)
    text = (choice.message.content or "").strip() if choice and choice.message else ""
    if not text:
        raise ModelDown("model_down", reason="empty answer")
    return text


def _error_of(error: APIError) -> ShopError:
    if not isinstance(error, APIStatusError):
        return ModelDown("model_down", reason=type(error).__name__)
    if error.status_code in _REFUSED or error.code == _NO_MONEY:
        return OutOfCredit("out_of_credit", code=error.status_code)
    return ModelDown("model_down", wished_wait_s(error.response.headers), reason=f"HTTP {error.status_code}")
