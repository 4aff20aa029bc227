"""The calls a registered socket may make (facts: Xianyu 1.5, 1.11)."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from core.sandbox.market import Market, Refusal
from core.sandbox.talks import Talks
from core.sandbox.things import Account, Chat, Json, Message
from core.sandbox.wire import bare_id

MAX_PAGE = 100
PLATFORM_CHAT = "10000000001"
PLATFORM_MS = 1_700_000_000_000


@dataclass(frozen=True)
class Answer:
    """A reply's code and body; `silent` means that none is ever sent."""

    code: int = 200
    body: object = None
    silent: bool = False


def refused(reason: str) -> Answer:
    """A request the platform does not accept."""
    return Answer(400, {"reason": reason})


class Rpc:
    """Answers `/r/...` requests of one registered seller."""

    def __init__(self, market: Market, talks: Talks) -> None:
        self._market = market
        self._talks = talks
        self._calls: dict[str, Callable[[Account, list[Any]], Answer]] = {
            "/r/SyncStatus/ackDiff": self._ack_diff,
            "/r/SyncStatus/getState": self._get_state,
            "/r/MessageSend/sendByReceiverScope": self._send,
            "/r/Conversation/listNewestPagination": self._list_chats,
            "/r/MessageManager/listUserMessages": self._history,
            "/r/SingleChatConversation/create": self._create,
            "/r/MessageStatus/read": self._read,
        }

    def answer(self, account: Account, lwp: str, body: object) -> Answer:
        """The reply to one request; a body of the wrong shape is refused with code 400."""
        call = self._calls.get(lwp)
        if call is None:
            return Answer(404, {"reason": f"no such path {lwp}"})
        try:
            return call(account, body) if isinstance(body, list) else refused("illegal argument")
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, binascii.Error):
            return refused("illegal argument")

    def _ack_diff(self, account: Account, body: list[Any]) -> Answer:
        del account
        return Answer() if body[0]["topic"] == "sync" else refused("illegal topic")

    def _get_state(self, account: Account, body: list[Any]) -> Answer:
        if body[0]["topic"] != "sync":
            return refused("illegal topic")
        now = self._market.now_ms()
        state = {"pipeline": "sync", "tooLong2Tag": "PNM,1", "channel": "sync", "topic": "sync", "highPts": 0}
        return Answer(body=state | {"pts": now * 1000, "seq": account.seq, "timestamp": now})

    def _send(self, account: Account, body: list[Any]) -> Answer:
        order, scope = body
        chat = self._own_chat(account, order["cid"])
        custom = order["content"]["custom"]
        if chat is None or order["content"]["contentType"] != 101 or not order["uuid"]:
            return refused("会话不存在" if chat is None else "illegal argument")
        both = {chat.buyer_id, self._market.accounts[chat.account].unb}
        if {f"{user}@goofish" for user in both} != set(scope["actualReceivers"]):
            return refused("illegal receivers")
        content = orjson.loads(base64.b64decode(custom["data"], validate=True))
        text = content["text"]["text"] if content["contentType"] == 1 else content["image"]["pics"][0]["url"]
        return self._send_checked(account, chat, content, text)

    def _send_checked(self, account: Account, chat: Chat, content: Json, text: str) -> Answer:
        faults = self._market.faults
        if faults.strikes("flow_control", "send"):
            return Answer(400, {"code": "400600001"})
        if faults.strikes("csi_forbid", "send", text=text):
            return Answer(body={"reason": "您发送的内容涉嫌违规", "moreInfo": "CSI_FORBID||安全拦截"})
        if faults.strikes("timeout_before_effect", "send"):
            return Answer(silent=True)
        if chat.account != account.name:
            return Answer(body={"messageId": self._talks.say(chat, content).pnm_id})
        message = self._talks.own(chat, content, "sent", "web")
        silent = faults.strikes("timeout_after_effect", "send") is not None
        return Answer(body={"messageId": message.pnm_id}, silent=silent)

    def _list_chats(self, account: Account, body: list[Any]) -> Answer:
        cursor, limit = body
        if not 1 <= limit <= MAX_PAGE:
            return refused("illegal limit")
        older = [chat for chat in self._market.list_chats(account.name) if chat.modified_ms < cursor]
        page = older[:limit]
        shown = [self._conversation(account, chat) for chat in page]
        if len(page) < limit and cursor > PLATFORM_MS:
            shown.append(_platform_conversation(account))
        last = shown[-1]["singleChatUserConversation"]["modifyTime"] if shown else 0
        return Answer(body={"hasMore": len(older) >= limit, "nextCursor": last, "userConvs": shown})

    def _conversation(self, account: Account, chat: Chat) -> Json:
        item, seller = self._market.items[chat.item_id], self._market.accounts[chat.account].unb
        extension = {
            "itemId": item.item_id,
            "itemTitle": item.title,
            "itemMainPic": "https://example.test/item.jpg",
            "itemSellerId": seller,
            "extUserId": chat.buyer_id,
            "ownerUserId": seller,
        }
        single = {
            "cid": f"{chat.chat_id}@goofish",
            "pairFirst": f"{seller}@goofish",
            "pairSecond": f"{chat.buyer_id}@goofish",
            "bizType": "1",
            "extension": extension,
        }
        unread = sum(not one.read and one.sender_id != account.unb for one in chat.messages)
        conversation: Json = {"visible": 1, "redPoint": unread, "modifyTime": chat.modified_ms}
        conversation["singleChatConversation"] = single
        if chat.messages:
            conversation["lastMessage"] = {"message": _last_line(chat.messages[-1])}
        return {"singleChatUserConversation": conversation}

    def _history(self, account: Account, body: list[Any]) -> Answer:
        cid, newer, cursor, limit, _ = body
        if not isinstance(cursor, int) or not isinstance(limit, int) or newer is not False:
            return refused("illegal argument")
        if bare_id(cid) == PLATFORM_CHAT:
            return Answer(body={"hasMore": 0, "nextCursor": 0, "userMessageModels": []})
        chat = self._own_chat(account, cid)
        if self._market.faults.strikes("chat_refused", "history"):
            return refused("会话不可用")
        if chat is None or not 1 <= limit <= MAX_PAGE:
            return refused("会话不存在" if chat is None else "illegal limit")
        older = [message for message in reversed(chat.messages) if message.created_ms < cursor]
        page = older[:limit]
        return Answer(
            body={
                "hasMore": int(len(older) > limit),
                "nextCursor": page[-1].created_ms if page else 0,
                "userMessageModels": [_model(message) for message in page],
            }
        )

    def _create(self, account: Account, body: list[Any]) -> Answer:
        first, second = bare_id(body[0]["pairFirst"]), bare_id(body[0]["pairSecond"])
        buyer = self._market.buyers.get(first)
        if second != account.unb or buyer is None or body[0]["bizType"] != "1":
            return refused("illegal pair")
        if self._market.faults.strikes("chat_refused", "create"):
            return refused("会话创建失败")
        try:
            chat = self._talks.chat(account, buyer, body[0]["extension"]["itemId"])
        except Refusal as refusal:
            return refused(str(refusal))
        conversation = self._conversation(account, chat)["singleChatUserConversation"]
        return Answer(body={"singleChatConversation": conversation["singleChatConversation"]})

    def _read(self, account: Account, body: list[Any]) -> Answer:
        wanted = set(body[0])
        for chat in self._market.list_chats(account.name):
            for message in chat.messages:
                message.read = message.read or message.pnm_id in wanted
        return Answer()

    def _own_chat(self, account: Account, cid: object) -> Chat | None:
        chat = self._market.chats.get(bare_id(cid))
        return chat if chat is not None and (chat.account == account.name or chat.buyer_id == account.unb) else None


def _platform_conversation(account: Account) -> Json:
    """The platform's own session, the oldest in every seller's list: its other side is `0`, it has no item."""
    single: Json = {"cid": f"{PLATFORM_CHAT}@goofish", "pairFirst": f"{account.unb}@goofish", "pairSecond": "0@goofish"}
    single |= {"bizType": "1", "extension": {}}
    conversation = {"visible": 1, "redPoint": 0, "modifyTime": PLATFORM_MS, "singleChatConversation": single}
    return {"singleChatUserConversation": conversation}


def _last_line(message: Message) -> Json:
    return {
        "createAt": message.created_ms,
        "content": {"custom": {"summary": message.text}},
        "extension": {
            "senderUserId": f"{message.sender_id}@goofish",
            "reminderTitle": message.extension["reminderTitle"],
        },
    }


def _model(message: Message) -> Json:
    data = base64.b64encode(orjson.dumps(message.content)).decode()
    custom = {"summary": message.text, "data": data, "title": "", "type": 1, "degrade": ""}
    return {
        "readStatus": 2 if message.read else 1,
        "userExtension": {"needPush": "false"},
        "recallFeature": {
            "showRecallStatusSetting": 1,
            "extension": {},
            "code": "",
            "operatorType": 0,
            "operatorUid": "",
        },
        "message": {
            "extension": message.extension,
            "messageId": message.pnm_id,
            "createAt": message.created_ms,
            "content": {"custom": custom, "contentType": 101},
            "sender": {"uid": f"{message.sender_id}@goofish", "tag": 0},
            "receivers": [],
            "receiverCount": 2,
            "cid": f"{message.chat_id}@goofish",
        },
        "msgStatus": 1,
    }
