"""What somebody tried and did not get goes on record too (law 8)."""

import re

from bot.commands.calls import Call, read_call
from bot.commands.command import Table
from bot.commands.walk import Walk
from core.engine.front import Engine
from core.errors import NotAllowed, Refused, ShopError
from core.values.people import Actor

PRESS = "press"
"""The verb of a button that names no row to this person."""
THINGS = {"#": "order", "p": "product", "c": "chat", "m": "member", "a": "account", "k": "keep"}
_THING = re.compile(r"([#pcmak])([0-9]{1,9})")


async def note_refusal(walk: Walk, actor: Actor, error: ShopError, table: Table, engine: Engine) -> None:
    """Record it when somebody may not, is too fast, or an act was refused; a look that found nothing is no try."""
    try:
        call = await read_call(walk.request, table, engine)
    except Refused:
        call = None
    acts = call is not None and call.row.mutating
    pressed = call is None and walk.request.button is not None
    if acts or ((call or pressed) and (isinstance(error, NotAllowed) or error.key == "too_fast")):
        verb = call.row.name if call is not None else PRESS
        await engine.acts.refuse(actor, walk.guest.member is not None, verb, _thing(call), error)


def _thing(call: Call | None) -> tuple[str, int]:
    """The thing a command names first; nothing else of what was typed: it may be a secret, or a buyer's."""
    token = call.line.tokens[0].text if call is not None and call.line.tokens else ""
    found = _THING.fullmatch(token)
    return (THINGS[found[1]], int(found[2])) if found else ("", 0)
