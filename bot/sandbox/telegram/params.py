"""A method's parameters, however they came: query, form, JSON or multipart."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request

from bot.sandbox.telegram.refusal import Refusal, bad

MAX_UPLOAD = 50 * 1024 * 1024
MAX_FIELD = 4 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file that came with the request."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class Params:
    """Values as they came; forms bring strings, and JSON inside them."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """A string, None when absent."""
        value = self.values.get(name)
        return None if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()

    def integer(self, name: str) -> int | None:
        """A whole number, None when absent or empty."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f"invalid {name} specified") from None

    def flag(self, name: str) -> bool:
        """A switch; absent is off."""
        value = self.values.get(name)
        return value is True or str(value).lower() in ("true", "1", "yes")

    def array(self, name: str) -> list[object]:
        """A JSON array, empty when absent."""
        value = self.json(name)
        if value is not None and not isinstance(value, list):
            raise bad(f"can't parse {name} JSON array")
        return value or []

    def json(self, name: str) -> object:
        """A JSON value, whether it came as one or as its text; None when absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            parsed: object = orjson.loads(value)
            return parsed
        except orjson.JSONDecodeError:
            raise bad(f"can't parse {name} JSON object") from None


async def read_params(request: Request) -> Params:
    """Everything a request brings; Refusal when it is broken or too large."""
    if int(request.headers.get("content-length", "0")) > MAX_UPLOAD + MAX_FIELD:
        raise Refusal(413, "Request Entity Too Large")
    values: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json":
        return Params(values | await _json(request))
    if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return await _form(request, values)
    return Params(values)


async def _json(request: Request) -> dict[str, Any]:
    body = await request.body()
    try:
        parsed = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:
        raise bad("can't parse request body as JSON object") from None
    if not isinstance(parsed, dict):
        raise bad("can't parse request body as JSON object")
    return parsed


async def _form(request: Request, values: dict[str, Any]) -> Params:
    uploads: dict[str, Upload] = {}
    async with request.form(max_part_size=MAX_FIELD) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                mime = value.content_type or "application/octet-stream"
                uploads[name] = Upload(value.filename or "file", mime, await value.read())
            else:
                values[name] = value
    return Params(values, uploads)
