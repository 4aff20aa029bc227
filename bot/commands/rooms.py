"""The chats the shop is let into, and leaves."""

from bot.cards.card import Draft
from bot.cards.clean import clean
from bot.cards.rooms import bound_card, owner_card, room_card, unbind_question, unbound_card
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import Source, choice, read_text
from bot.commands.sellers import read_part
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


EVERY = {"all": "all", "全部": "all", "所有": "all"}


async def read_shop(source: Source) -> str | None:
    """A shop by its name, or all of them (an empty word); NotFound says which there are."""
    every = await choice(EVERY, skip=True)(source)
    if every is not None:
        return ""
    part = await read_part(source)
    sellers = await source.engine.accounts.sellers()
    return next(row.shop for row in sellers.every if row.id in part.accounts)


async def room(ask: Ask, shop: str | None) -> Draft:
    """Whose alerts come to this group first: one shop's, or every shop's."""
    here = ask.guest.room
    if ask.request.chat_kind is ChatKind.private or here is None:
        raise Refused("room_in_group")
    if shop is not None:
        await ask.engine.rooms.serve(ask.actor, here.chat, shop or None)
    return room_card((shop or None) if shop is not None else here.shop, ask.pen)


ROWS = (
    Command(
        name="room",
        words=("本群",),
        topic="people",
        role=Role.owner,
        run=room,
        arguments=(optional("shop", read_shop),),
        mutating=True,
        looks=lambda values: values["shop"] is None,
    ),
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
