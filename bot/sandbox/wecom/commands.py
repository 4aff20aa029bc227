"""The robot's commands: what each may say, when, and how often (facts: WeCom c2)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.wecom import limits, uploads
from bot.sandbox.wecom.limits import check_card, check_markdown, refuse, text_at
from bot.sandbox.wecom.office import ANSWER_S, REPLY_S, STREAM_S, Office
from bot.sandbox.wecom.things import (
    INVALID_BOT,
    INVALID_REQ_ID,
    NEVER_SPOKE,
    REPLACED,
    STREAM_TOO_OLD,
    TASK_ID_REUSED,
    Callback,
    Json,
    ShownCard,
    Stream,
)


@dataclass
class Session:
    """One socket as the commands see it: whose it is once subscribed, and the callbacks it may still answer."""

    bot_id: str | None = None
    callbacks: dict[str, Callback] = field(default_factory=dict)
    pings: int = 0


class Commands:
    """Carries out a command of a session; a Refusal is its errcode."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._table: dict[str, Callable[[Session, str, Json], Json]] = {
            "aibot_respond_msg": self._respond,
            "aibot_respond_welcome_msg": self._welcome,
            "aibot_respond_update_msg": self._update,
            "aibot_send_msg": self._send,
            "aibot_upload_media_init": lambda session, _, body: uploads.begin(office, session.bot_id or "", body),
            "aibot_upload_media_chunk": lambda _, __, body: uploads.chunk(office, body),
            "aibot_upload_media_finish": lambda _, __, body: uploads.finish(office, body),
        }

    def check_credentials(self, body: Json) -> str:
        """The robot a subscription is for."""
        bot_id, secret = body.get("bot_id"), body.get("secret")
        wanted = self._office.bots.get(bot_id) if isinstance(bot_id, str) else None
        if wanted is None or secret != wanted or self._office.faults.strikes("refuse_subscribe", ""):
            raise INVALID_BOT
        assert isinstance(bot_id, str)
        return bot_id

    def carry_out(self, session: Session, command: str, req_id: str, body: Json) -> Json:
        """The body of the ack; only a subscribed session may ask for anything."""
        if session.bot_id is None:
            raise REPLACED
        act = self._table.get(command)
        if act is None:
            raise refuse(f"cmd {command}")
        return act(session, req_id, body)

    def _send(self, _: Session, __: str, body: Json) -> Json:
        """A push: only where somebody has spoken to the robot, never a plain text."""
        chat = self._office.chat(text_at(body, "chatid"))
        if body.get("chat_type") not in (None, 0, {"single": 1, "group": 2}[chat.kind]):
            raise refuse("chat_type")
        if not chat.spoken:
            raise NEVER_SPOKE
        self._show("sent", chat.chat_id, body, limits.SENT)
        return {}

    def _respond(self, session: Session, req_id: str, body: Json) -> Json:
        """A reply to a message, up to 24 hours after it."""
        callback = self._callback(session, req_id, "message", REPLY_S)
        if body.get("msgtype") == "stream":
            self._grow(callback, body)
        else:
            self._show("replied", callback.chat_id, body, limits.REPLIED)
        return {}

    def _grow(self, callback: Callback, body: Json) -> None:
        check_markdown(body, "stream")
        asked = body["stream"]
        stream_id = text_at(asked, "id")
        if callback.stream is None:
            callback.stream = Stream(stream_id, self._office.real())
        stream = callback.stream
        if stream.stream_id != stream_id or stream.finished:
            raise INVALID_REQ_ID
        if self._office.real() - stream.began_at_s > STREAM_S:
            raise STREAM_TOO_OLD
        self._office.rate.count(callback.chat_id)
        stream.content, stream.finished = asked["content"], asked.get("finish") is True
        self._office.note("stream", chat=callback.chat_id, id=stream_id, content=stream.content, finish=stream.finished)

    def _welcome(self, session: Session, req_id: str, body: Json) -> Json:
        """The answer to enter_chat, once and within 5 s: a text or a card."""
        callback = self._callback(session, req_id, "enter", ANSWER_S)
        if callback.answered:
            raise INVALID_REQ_ID
        callback.answered = True
        if body.get("msgtype") == "text":
            text_at(body, "text", "content")
            self._office.rate.count(callback.chat_id)
            self._office.note("welcomed", chat=callback.chat_id, body=body)
        else:
            self._show("welcomed", callback.chat_id, body, ("template_card",))
        return {}

    def _update(self, session: Session, req_id: str, body: Json) -> Json:
        """A card may change only as the answer to a click on it, within 5 s, for all or for `userids`."""
        callback = self._callback(session, req_id, "click", ANSWER_S)
        if body.get("response_type") != "update_template_card":
            raise refuse("response_type")
        card, userids = check_card(body.get("template_card")), body.get("userids") or []
        if card.get("task_id") != callback.task_id:
            raise refuse("task_id is not the click's")
        self._office.rate.count(callback.chat_id)
        shown = self._office.cards[callback.task_id]
        if userids:
            shown.seen_by.update(dict.fromkeys(userids, card))
        else:
            shown.card, shown.seen_by = card, {}
        self._office.note("card_updated", chat=callback.chat_id, task_id=callback.task_id, card=card, for_=userids)
        return {}

    def _callback(self, session: Session, req_id: str, kind: str, patience_s: float) -> Callback:
        callback = session.callbacks.get(req_id)
        if callback is None or callback.kind != kind or self._office.real() - callback.at_s > patience_s:
            raise INVALID_REQ_ID
        return callback

    def _show(self, how: str, chat_id: str, body: Json, allowed: tuple[str, ...]) -> None:
        """A message stands in a chat."""
        kind = body.get("msgtype")
        if kind not in allowed:
            raise refuse(f"msgtype {kind}")
        if kind == "markdown":
            check_markdown(body)
        elif kind == "template_card":
            self._check_new(check_card(body.get("template_card")))
        elif text_at(body, str(kind), "media_id") not in self._office.media:
            raise refuse("media_id")
        self._office.rate.count(chat_id)
        if kind == "template_card" and "task_id" in body["template_card"]:
            card = body["template_card"]
            self._office.cards[card["task_id"]] = ShownCard(card["task_id"], chat_id, card)
        self._office.note(how, chat=chat_id, body=body)

    def _check_new(self, card: Json) -> None:
        if card.get("task_id") in self._office.cards:
            raise TASK_ID_REUSED
