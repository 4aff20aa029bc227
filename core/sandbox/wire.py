"""The platform's frames as they travel (facts: Xianyu 1.2, 1.6, 1.7)."""

import base64
from dataclasses import dataclass
from typing import Any

import msgpack
import orjson

from core.sandbox.things import Account, Json

APP_KEY = "444e9908a51d1cb236a27862abc769c9"
UA = "Mozilla/5.0 (pretend) DingTalk(2.1.5) OS(Windows/10) Browser(Chrome/133.0.0.0) DingWeb/2.1.5 IMPaaS DingWeb/2.1.5"


@dataclass(frozen=True)
class WireRecord:
    """One entry of `syncPushPackage.data`: its kind (for dials), platform type numbers and base64 text."""

    kind: str
    data: str
    biz_type: int = 40
    object_type: int = 40000

    def envelope(self) -> Json:
        """The entry as JSON."""
        return {
            "bizType": self.biz_type,
            "data": self.data,
            "streamId": str(self.biz_type),
            "objectType": self.object_type,
        }


@dataclass
class Push:
    """A push on its way: its frame id, what it holds and the bytes that travel."""

    mid: str
    records: list[WireRecord]
    frame: bytes
    sent_s: float = 0.0


def pack(record: object) -> str:
    """Base64 of MessagePack, with decimal keys as integers, which is how records travel."""
    return base64.b64encode(msgpack.packb(_integer_keys(record))).decode()


def pack_json(record: object) -> str:
    """Base64 of JSON, the other family (bizType 370)."""
    return base64.b64encode(orjson.dumps(record)).decode()


def _integer_keys(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {int(key) if key.isdecimal() else key: _integer_keys(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_integer_keys(inner) for inner in value]
    return value


def push_frame(account: Account, mid: str, records: list[WireRecord], now_ms: int) -> bytes:
    """A whole `/s/sync` frame around the records."""
    first = account.seq + 1
    account.seq += len(records)
    package = {
        "maxHighPts": 0,
        "startSeq": first,
        "data": [record.envelope() for record in records],
        "minCreateTime": now_ms,
        "endSeq": account.seq,
        "maxPts": now_ms * 1000,
        "hasMore": 0,
        "timestamp": now_ms,
    }
    extension = {"reconnectType": 0, "failover": 0, "fingerprint": -671961758}
    return orjson.dumps(
        {
            "headers": {"app-key": APP_KEY, "mid": mid, "ua": UA, "sid": account.sid},
            "lwp": "/s/sync",
            "body": {"syncPushPackage": package, "syncExtensionModel": extension},
        }
    )


def reply(mid: str, code: int = 200, body: object = None, headers: dict[str, str] | None = None) -> bytes:
    """The answer to a client's frame, matched by its `mid`."""
    answer: Json = {"headers": {"mid": mid, **(headers or {})}, "code": code}
    if body is not None:
        answer["body"] = body
    return orjson.dumps(answer)


def bare_id(address: object) -> str:
    """`123@goofish` as `123`."""
    return str(address).removesuffix("@goofish")
