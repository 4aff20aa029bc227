"""The chats the shop is let into, and leaves."""

from bot.cards.card import Draft
from bot.cards.clean import clean
from bot.cards.rooms import bound_card, owner_card, unbind_question, unbound_card
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import read_text
from core.errors import NotAllowed, Refused
from core.values.people import ChatKind, Role

LONGEST_TITLE = 60


async def bind(ask: Ask, code: str | None) -> Draft:
    """Make this chat the shop's: with the printed code by anybody, who is an owner then; without it by an owner."""
    request = ask.request
    title = clean(request.chat_title if request.chat_kind is ChatKind.group else ask.actor.name, LONGEST_TITLE)
    if request.chat_kind is ChatKind.terminal or (code is None and request.chat_kind is ChatKind.private):
        raise Refused("bind_in_group")
    if code is not None:
        await ask.engine.binding.bind_with_code(ask.actor, code, request.chat_kind, title)
    elif ask.member is None or ask.member.role is not Role.owner:
        raise NotAllowed("code_needed")
    elif not ask.guest.is_bound:
        await ask.engine.binding.bind(ask.actor, ChatKind.group, title)
    if request.chat_kind is ChatKind.private:
        return owner_card(ask.actor.name, ask.pen)
    reachable = await ask.engine.rooms.is_bound(request.who)
    return bound_card(title, ask.actor.name, ask.pen, reachable=reachable)


async def preview_unbind(ask: Ask) -> Draft:
    """What is lost when the shop leaves this group."""
    if ask.request.chat_kind is not ChatKind.group:
        raise Refused("unbind_in_group")
    homes = await ask.engine.rooms.list_homes()
    return unbind_question(len(homes) - 1, ask.pen)


async def unbind(ask: Ask) -> Draft:
    """Speak in this group no more."""
    if ask.request.chat_kind is not ChatKind.group:
        raise Refused("unbind_in_group")
    await ask.engine.rooms.unbind(ask.actor, ask.request.chat)
    return unbound_card(ask.pen)


ROWS = (
    Command(
        name="bind",
        words=("绑定",),
        topic="people",
        role=None,
        run=bind,
        arguments=(optional("code", read_text),),
        mutating=True,
    ),
    Command(
        name="unbind",
        words=("解绑",),
        topic="people",
        role=Role.owner,
        run=unbind,
        preview=preview_unbind,
        mutating=True,
    ),
)
