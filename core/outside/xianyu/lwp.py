"""The frames we send (facts: frames, /reg, RPC over the socket)."""

import base64

import orjson

from core.clock import Chance
from core.outside.xianyu.fields import Fields
from core.outside.xianyu.sign import USER_AGENT
from core.values.ids import ChatNo, ItemId, UserId

IM_APP_KEY = "444e9908a51d1cb236a27862abc769c9"
FROM_NEWEST = 2**53 - 1
"""The cursor that begins a list at its newest entry."""
_UA = f"{USER_AGENT} DingTalk(2.1.5) OS(Windows/10) Browser(Chrome/133.0.0.0) DingWeb/2.1.5 IMPaaS DingWeb/2.1.5"
_CONTEXT: Fields = {"appVersion": "1.0", "platform": "web"}

REG = "/reg"
HEARTBEAT = "/!"
GET_STATE = "/r/SyncStatus/getState"
ACK_DIFF = "/r/SyncStatus/ackDiff"
SEND = "/r/MessageSend/sendByReceiverScope"
LIST_CONVERSATIONS = "/r/Conversation/listNewestPagination"
LIST_MESSAGES = "/r/MessageManager/listUserMessages"
CREATE_CHAT = "/r/SingleChatConversation/create"


def new_mid(chance: Chance, now_ms: int) -> str:
    """A request's name: a random number below 1000, the time, and a counter that stays 0."""
    return f"{int(chance.between(0, 1000))}{now_ms} 0"


def request_frame(lwp: str, mid: str, body: object = None, headers: Fields | None = None) -> str:
    """A request."""
    frame: Fields = {"lwp": lwp, "headers": {"mid": mid, **(headers or {})}}
    if body is not None:
        frame["body"] = body
    return orjson.dumps(frame).decode()


def ack_frame(headers: Fields) -> bytes:
    """The acknowledgement of a push: all of its headers come back, as the official client does."""
    return orjson.dumps({"code": 200, "headers": headers})


def reg_headers(token: str, device_id: str) -> Fields:
    """What `/reg` says of us; the token is bound to the device id."""
    return {
        "cache-header": "app-key token ua wv",
        "app-key": IM_APP_KEY,
        "token": token,
        "ua": _UA,
        "dt": "j",
        "wv": "im:3,au:3,sy:6",
        "sync": "0,0;0;0;",
        "did": device_id,
    }


def state_body() -> list[Fields]:
    """Ask where the sync stands."""
    return [{"topic": "sync"}]


def ack_diff_body(state: Fields, now_ms: int) -> list[Fields]:
    """Declare where we stand, so that pushes come: the state the platform told, else "up to now"."""
    known: Fields = {
        "pipeline": "sync",
        "tooLong2Tag": "PNM,1",
        "channel": "sync",
        "topic": "sync",
        "highPts": 0,
        "pts": now_ms * 1000,
        "seq": 0,
        "timestamp": now_ms,
    }
    return [known | {key: state[key] for key in known if key in state}]


def send_body(chat_no: ChatNo, to: UserId, me: UserId, text: str, now_ms: int) -> list[Fields]:
    """A text for a buyer. The same uuid for the same text and instant names the attempt."""
    content = orjson.dumps({"contentType": 1, "text": {"text": text}})
    said: Fields = {
        "uuid": f"-{now_ms}1",
        "cid": address(chat_no),
        "conversationType": 1,
        "content": {"contentType": 101, "custom": {"type": 1, "data": base64.b64encode(content).decode()}},
        "redPointPolicy": 0,
        "extension": {"extJson": "{}"},
        "ctx": _CONTEXT,
        "mtags": {},
        "msgReadStatusSetting": 1,
    }
    return [said, {"actualReceivers": [address(to), address(me)]}]


def create_body(buyer: UserId, me: UserId, item_id: ItemId) -> list[Fields]:
    """Open the conversation with a buyer about an item."""
    pair: Fields = {"pairFirst": address(buyer), "pairSecond": address(me), "bizType": "1"}
    return [pair | {"extension": {"itemId": item_id}, "ctx": _CONTEXT}]


def history_body(chat_no: ChatNo, cursor: int, limit: int) -> list[object]:
    """One page of a conversation's messages, older than the cursor."""
    return [address(chat_no), False, cursor, limit, False]


def address(bare_id: str) -> str:
    """An id as the socket writes it."""
    return f"{bare_id}@goofish"
