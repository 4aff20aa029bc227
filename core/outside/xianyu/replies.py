"""What the reply to a request over the socket means (facts: RPC over the socket, S60)."""

from core.errors import Busy, MarketDown, Refused, ShopError
from core.outside.http import lost
from core.outside.xianyu.fields import Fields, fields_at, text_at

_ACCEPTED = 200
_FLOW_CONTROL = frozenset({"400600001", "432133429"})
_NOT_LOGGED_IN = frozenset({401, 403})
_TRY_LATER = "走神"


def is_flow_control(reply: Fields) -> bool:
    """Too much at once: nothing was carried out, and it passes in seconds."""
    return str(fields_at(reply, "body").get("code")) in _FLOW_CONTROL


def error_of_reply(reply: Fields, *, effect: bool, busy_s: float) -> ShopError | None:
    """The error of a reply, None when it accepts. Code 200 with a `reason` is a refusal all the same."""
    code, said = reply.get("code"), fields_at(reply, "body")
    reason = text_at(said, "reason")
    if code == _ACCEPTED and reason is None:
        return None
    if is_flow_control(reply) or (reason is not None and _TRY_LATER in reason):
        return Busy("market_busy", busy_s, reason=reason or str(said.get("code")))
    if not isinstance(code, int):
        return lost(effect, "no code")
    if code in _NOT_LOGGED_IN:
        return MarketDown("market_down", reason=f"code {code}")
    if _ACCEPTED <= code < 500:
        more = text_at(said, "moreInfo") or str(code)
        return Refused("market_refused", code=more, reason=reason or more)
    return lost(effect, f"code {code}")
