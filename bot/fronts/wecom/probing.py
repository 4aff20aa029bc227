"""What `zhanggui check` finds of WeCom: robot, group, people, push robot. Nothing is said in any chat."""

from typing import TYPE_CHECKING

from bot.fronts.wecom.faults import NOT_TRUSTED, SYSTEM_BUSY, Rejected
from bot.fronts.wecom.link import Ended
from bot.fronts.wecom.push import Push
from bot.fronts.wecom.standing import REMARKS, Standing
from bot.fronts.wecom.updates import NAME
from bot.fronts.wecom.wire import Wire
from core.engine.front import Engine
from core.errors import Transient
from core.values.checks import CheckLine, Part

if TYPE_CHECKING:
    from bot.fronts.wecom.listener import Callbacks, Listener
    from bot.fronts.wecom.wechat import AppApi  # wechatpy is loaded for those who are called alone


async def probe_robot(connection: Wire, engine: Engine, standing: Standing, *, listens: bool) -> list[CheckLine]:
    """The robot's lines. One that listens is asked how it is; otherwise a connection is tried and left again."""
    found = connection.called(listens=listens)
    if found is None:
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


async def probe_app(api: "AppApi", agent_id: int, group: str) -> list[CheckLine]:
    """The self-built app's lines: its credentials, whether it may call from here, the group it made."""
    try:
        await api.authorise()
    except Rejected as error:
        return [_line("check.app_refused", code=error.errcode)]
    except Transient as error:
        return [_line("check.app_down", reason=str(error.facts.get("reason", error.key)))]
    found = await _found(api, "agent/get", agentid=str(agent_id))
    if found == NOT_TRUSTED:
        return [_line("check.app_address")]
    if found:
        return [_line("check.app_agent", agent=agent_id, code=found)]
    lines = [_line("check.app_ok", ok=True)]
    if group:
        code = await _found(api, "appchat/get", chatid=group)
        lines.append(_line("check.app_no_group", group=group, code=code) if code else _line("check.app_group", ok=True))
    return lines


async def _found(api: "AppApi", path: str, **query: str) -> int:
    """The errcode of a question, 0 when it was answered."""
    try:
        await api.find(path, **query)
    except Rejected as error:
        return error.errcode
    except Transient:
        return SYSTEM_BUSY
    return 0


def probe_url(listener: "Listener", callbacks: "Callbacks", path: str, *, listens: bool) -> CheckLine:
    """A callback URL's line: only WeCom itself can call it, so that what came since the start is what is known."""
    place = listener.place
    if listens and callbacks.opened:
        return _line("check.url_ok", ok=True, place=place, path=path)
    if not listens and not listener.is_free():
        return _line("check.url_taken", place=place)
    return _line("check.url_silent" if listens else "check.url_untried", ok=not listens, place=place, path=path)


async def probe_people(engine: Engine, front: str) -> list[CheckLine]:
    """Whether an owner is known where people are heard 1:1 alone."""
    needing = await engine.binding.list_needing([front], alone=[front])
    return [_line("check.app_nobody")] if needing else []


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
