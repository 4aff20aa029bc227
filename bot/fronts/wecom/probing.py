"""What `zhanggui check` finds of WeCom: robot, group, people, push robot. Nothing is said in any chat."""

from typing import TYPE_CHECKING

from bot.fronts.wecom.faults import Rejected
from bot.fronts.wecom.link import Ended
from bot.fronts.wecom.push import Push
from bot.fronts.wecom.standing import REMARKS, Standing
from bot.fronts.wecom.updates import NAME
from bot.fronts.wecom.wire import Wire
from core.engine.front import Engine
from core.errors import Transient
from core.values.checks import CheckLine, Part

if TYPE_CHECKING:
    from bot.fronts.wecom.wechat import AppApi  # wechatpy is loaded for an app alone


async def probe_robot(connection: Wire, engine: Engine, standing: Standing, *, listens: bool) -> list[CheckLine]:
    """The robot's lines. One that listens is asked how it is; otherwise a connection is tried and left again."""
    found = _as_noted(connection, engine) if listens else await _as_tried(connection)
    missing = await standing.missing() if found.ok else {}
    return [found, *(_line(f"front.{key}", about=one, detail="") for key, a in missing.items() for one in sorted(a))]


async def probe_push(push: Push) -> CheckLine:
    """The push robot's line."""
    try:
        known = await push.is_known()
    except Transient as error:
        return _line("check.push_down", reason=str(error.facts.get("reason", error.key)))
    return _line("check.push_ok", ok=True) if known else _line("check.push_unknown")


async def probe_app(api: "AppApi") -> CheckLine:
    """The self-built app's line."""
    try:
        await api.authorise()
    except Rejected as error:
        return _line("check.app_refused", code=error.errcode)
    except Transient as error:
        return _line("check.app_down", reason=str(error.facts.get("reason", error.key)))
    return _line("check.app_ok", ok=True)


def _as_noted(connection: Wire, engine: Engine) -> CheckLine:
    """A connection that is up has been subscribed; one that is not says why."""
    if connection.is_up:
        return _line("check.wecom_ok", ok=True)
    noted = [one for one in engine.health.remarks if one.front == NAME and one.key in REMARKS.values()]
    if not noted:
        return _line("front.unreachable", detail="")
    return _line(f"front.{noted[-1].key}", about=noted[-1].about, detail=noted[-1].detail)


async def _as_tried(connection: Wire) -> CheckLine:
    try:
        await connection.try_once()
    except Rejected:
        return _line("front.secret_refused")
    except Ended as ended:
        return _line("check.chat_down", reason=str(ended)[:80])
    return _line("check.wecom_ok", ok=True)


def _line(key: str, *, ok: bool = False, **facts: str | int) -> CheckLine:
    return CheckLine(part=Part.wecom, key=key, ok=ok, facts=facts)
