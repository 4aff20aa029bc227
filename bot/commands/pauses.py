"""Stopping what goes by itself, and letting it go again."""

from datetime import datetime

from bot.cards.card import Draft
from bot.cards.pauses import pause_card, resume_question
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import Scope, Source, choice, read_maybe_until, read_number, read_text
from bot.commands.sellers import read_scope
from core.errors import NotFound
from core.values.people import Role


async def read_pause(source: Source) -> int | Scope:
    """A pause's own number as its button has it, or what it covers (p3, c7, #42, 全部)."""
    bare = (source.peek() or "").isdigit()
    return await read_number(source) if bare else await read_scope(source)


SHOW = {"show": "show", "查看": "show", "状态": "show"}


async def pause(ask: Ask, show: str | None, scope: Scope, until: datetime | None, reason: str) -> Draft:
    """Automatic answers and shipments of everything, a product or a chat wait."""
    pauses = ask.engine.pauses
    if show is not None:
        return pause_card(await pauses.show(), ask.pen)
    if scope.accounts:
        return pause_card(await pauses.pause_accounts(ask.actor, scope.accounts, until, reason), ask.pen)
    return pause_card(await pauses.pause(ask.actor, scope.kind, scope.entity_id, until, reason), ask.pen)


async def resume(ask: Ask, what: int | Scope) -> Draft:
    """End a pause, by its number or by what it covers; without a word that of everything. What stays is shown."""
    if isinstance(what, Scope) and what.accounts:
        return pause_card(await ask.engine.pauses.resume_accounts(ask.actor, what.accounts), ask.pen)
    number = what if isinstance(what, int) else await _pause_of(ask, what)
    return pause_card(await ask.engine.pauses.resume(ask.actor, number), ask.pen)


async def _pause_of(ask: Ask, scope: Scope) -> int | None:
    if scope.kind == "all":
        return None
    pauses = (await ask.engine.pauses.show()).pauses
    found = next((p.id for p in pauses if p.scope == scope.kind and p.entity_id == scope.entity_id), None)
    if found is None:
        raise NotFound("no_such_pause")
    return found


async def stop_all(ask: Ask) -> Draft:
    """Nothing leaves the shop any more. No question: this is the safe direction."""
    return pause_card(await ask.engine.pauses.stop_all(ask.actor), ask.pen)


async def preview_resume_all(ask: Ask) -> Draft | None:
    """What would leave at once; nothing to ask when nothing is stopped."""
    view = await ask.engine.pauses.show()
    return resume_question(view, ask.pen) if view.stopped else None


async def resume_all(ask: Ask) -> Draft:
    """Leave the emergency stop."""
    return pause_card(await ask.engine.pauses.resume_all(ask.actor), ask.pen)


ROWS = (
    Command(
        name="pause_auto",
        words=("暂停",),
        topic="pauses",
        role=Role.operator,
        run=pause,
        arguments=(
            optional("show", choice(SHOW, skip=True)),
            optional("scope", read_scope, Scope("all")),
            optional("until", read_maybe_until),
            optional("reason", read_text, ""),
        ),
        mutating=True,
        looks=lambda values: values["show"] is not None,
        in_menu=True,
    ),
    Command(
        name="resume_auto",
        words=("恢复",),
        topic="pauses",
        role=Role.operator,
        run=resume,
        arguments=(optional("what", read_pause, Scope("all")),),
        mutating=True,
        in_menu=True,
    ),
    Command(name="stop_all", words=("急停",), topic="pauses", role=Role.operator, run=stop_all, mutating=True),
    Command(
        name="resume_all",
        words=("恢复运行",),
        topic="pauses",
        role=Role.owner,
        run=resume_all,
        preview=preview_resume_all,
        mutating=True,
    ),
)
