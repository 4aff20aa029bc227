"""What `zhanggui check` finds of Telegram: token, polling, groups, private chats. Nothing is sent or taken away."""

from bot.fronts.telegram.faults import Conflict, Migrated, Rejected
from bot.fronts.telegram.standing import Standing
from bot.fronts.telegram.updates import NAME
from bot.fronts.telegram.wire import Wire
from core.engine.front import Engine
from core.errors import Transient
from core.values.checks import CheckLine, Part

OTHERS_COME_S = 3
"""Another program's poll ends when ours begins; it comes again within so many seconds, and ours ends with a 409."""
POLLING = ("conflict", "unreachable")
"""Troubles of a front that listens, as it noted them."""


async def probe(wire: Wire, engine: Engine, standing: Standing, *, listens: bool) -> list[CheckLine]:
    """Every line. A front that listens is asked how its polling goes; otherwise one poll is tried."""
    try:
        me = await wire.me()
        polling = _as_noted(engine) if listens else await _as_tried(wire)
        missing = await standing.missing(me)
    except (Transient, Rejected, Migrated) as error:
        return [_refused(error)]
    todo = [_line(f"front.{key}", about=one, detail="") for key, about in missing.items() for one in sorted(about)]
    return [_line("check.telegram_ok", ok=True, name=me.username), *polling, *todo]


def _as_noted(engine: Engine) -> list[CheckLine]:
    noted = [one for one in engine.health.remarks if one.front == NAME and one.key in POLLING]
    return [_line(f"front.{one.key}", about=one.about, detail=one.detail) for one in noted]


async def _as_tried(wire: Wire) -> list[CheckLine]:
    """A webhook takes every update away, and so does another program that polls."""
    if host := await wire.webhook():
        return [_line("check.webhook", host=host)]
    try:
        await wire.updates(None, OTHERS_COME_S)
    except Conflict:
        return [_line("front.conflict")]
    return []


def _refused(error: Transient | Rejected | Migrated) -> CheckLine:
    if isinstance(error, Transient) and error.key == "token_refused":
        return _line("front.token_refused")
    reason = error.facts.get("reason", error.key) if isinstance(error, Transient) else error
    return _line("check.chat_down", reason=str(reason)[:80])


def _line(key: str, *, ok: bool = False, **facts: str | int) -> CheckLine:
    return CheckLine(part=Part.telegram, key=key, ok=ok, facts=facts)
