"""Stepping into a conversation with a buyer, and out of it."""

from datetime import timedelta

from bot.cards.card import Draft
from bot.cards.chats import chat_card, latest_card, open_card, say_hint
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import choice, read_chat, read_short_id, read_text
from bot.commands.shipping import CHOICES
from core.values.ids import ChatId
from core.values.people import Role
from core.values.views import ChatView

OLD_ALERT = timedelta(hours=24)
"""A reply to an alert older than this is warned about."""


def _card(ask: Ask, view: ChatView) -> Draft:
    return chat_card(view, ask.pen, hint=say_hint(view, ask.pen))


async def show_chat(ask: Ask, chat: ChatId | None) -> Draft:
    """One conversation, or the latest ones."""
    if chat is None:
        return latest_card(await ask.engine.chats.list_latest(), ask.pen)
    return _card(ask, await ask.engine.chats.show(chat))


async def take_over(ask: Ask, chat: ChatId | None) -> Draft:
    """A person answers from now on; without a chat, the list of those already taken."""
    if chat is None:
        return open_card(await ask.engine.chats.list_open(), ask.pen)
    return _card(ask, await ask.engine.chats.take_over(ask.actor, chat))


async def done(ask: Ask, chat: ChatId | None) -> Draft:
    """The automatic answers are back; without a chat, the one that is taken if it is the only one."""
    if chat is None:
        taken = await ask.engine.chats.list_open()
        if len(taken) != 1:
            return open_card(taken, ask.pen)
        chat = taken[0].id
    return chat_card(await ask.engine.chats.done(ask.actor, chat), ask.pen)


async def say(ask: Ask, chat: ChatId, text: str) -> Draft:
    """Speak to the buyer. An owner's own words are warned about, never stopped (law 6)."""
    kinds = await ask.engine.chats.say(ask.actor, chat, text, ask.request.message)
    view = await ask.engine.chats.show(chat)
    warned = [ask.pen("note.said_warning", what=ask.pen.word("guard", name)) for name in kinds]
    picture = ask.pen("note.said_no_picture") if ask.request.picture or ask.request.attachment else ""
    remark = "\n".join(filter(None, (picture, _old(ask), *warned)))
    stopped = (await ask.engine.pauses.show()).stopped
    return chat_card(view, ask.pen, lead=ask.pen("chat.said_stopped" if stopped else "chat.said"), remark=remark)


def _old(ask: Ask) -> str:
    """The alert that was answered lay there for long."""
    age = ask.pen.now - ask.answered_at if ask.answered_at is not None else timedelta()
    return ask.pen("note.reply_old", span=ask.pen.span(age.total_seconds())) if age > OLD_ALERT else ""


async def resend(ask: Ask, words: int, settled: str) -> Draft:
    """What becomes of words that did not go out, or may have."""
    return chat_card(await ask.engine.chats.resend(ask.actor, words, settled), ask.pen)


_CHAT = optional("chat", read_chat)

ROWS = (
    Command(name="chat", words=("对话",), topic="chats", role=Role.viewer, run=show_chat, arguments=(_CHAT,)),
    Command(
        name="takeover",
        words=("接管",),
        topic="chats",
        role=Role.operator,
        run=take_over,
        arguments=(_CHAT,),
        mutating=True,
        looks=lambda values: values["chat"] is None,
        in_menu=True,
    ),
    Command(
        name="done",
        words=("结束接管",),
        topic="chats",
        role=Role.operator,
        run=done,
        arguments=(_CHAT,),
        mutating=True,
        in_menu=True,
    ),
    Command(
        name="say",
        words=("回复",),
        topic="chats",
        role=Role.operator,
        run=say,
        arguments=(required("chat", read_chat), required("text", read_text)),
        mutating=True,
    ),
    Command(
        name="resend",
        words=("再发",),
        topic="chats",
        role=Role.operator,
        run=resend,
        arguments=(required("words", read_short_id), optional("settled", choice(CHOICES), "again")),
        mutating=True,
    ),
)
