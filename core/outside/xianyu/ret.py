"""The platform's `ret` codes as our errors (facts: ret codes and how peers react)."""

from collections.abc import Sequence

from core.errors import Busy, Challenged, LoginExpired, MarketDown, Refused, ShopError, Unknown
from core.outside.xianyu.fields import Fields, fields_at, text_at

NO_PERMISSION = "PERMISSION_EXCEPTION"
_STALE = "FAIL_SYS_TOKEN_"
_SESSION = "FAIL_SYS_SESSION_EXPIRED"
_ILLEGAL = "FAIL_SYS_ILLEGAL_ACCESS"
_CHALLENGES = ("FAIL_SYS_USER_VALIDATE", "RGV587", _ILLEGAL, "FAIL_BIZ_WUA_IS_MACHINE")
_THROTTLED = ("FAIL_SYS_TRAFFIC_LIMIT", "FAIL_SYS_FLOWLIMIT")
_BUSINESS = "FAIL_BIZ_"
_ALREADY_SHIPPED = ("ALREADY_DELIVERY", "已发货成功")


def is_success(ret: Sequence[str]) -> bool:
    """The call did what it was asked."""
    return any(line.startswith("SUCCESS") for line in ret)


def is_stale_sign(ret: Sequence[str]) -> bool:
    """`_m_h5_tk` is empty, old or foreign: not an error, the answer carries a new one to sign with."""
    return any(line.startswith(_STALE) for line in ret)


def is_session_gone(ret: Sequence[str]) -> bool:
    """The login has ended."""
    return any(line.startswith(_SESSION) for line in ret)


def is_illegal(ret: Sequence[str]) -> bool:
    """The call was not let in: risk control, or a sign of another time."""
    return any(line.startswith(_ILLEGAL) for line in ret)


def is_already_shipped(error: Refused) -> bool:
    """A repeated ship call is refused with these words: what was wanted is so."""
    said = f"{error.facts.get('code')} {error.facts.get('reason')}"
    return any(words in said for words in _ALREADY_SHIPPED)


def is_no_permission(error: Refused) -> bool:
    """The account has no merchant shop (鱼小铺)."""
    return error.facts.get("code") == NO_PERMISSION


def is_missing(error: Refused) -> bool:
    """There is no such order or item."""
    return "NOT_FOUND" in str(error.facts.get("code"))


def error_of(ret: Sequence[str], data: Fields, *, effect: bool, busy_s: float) -> ShopError:
    """The error an answer without success means. A code nobody knows leaves an effect's outcome open (law 3)."""
    code, reason = _parts(ret)
    if any(mark in line for line in ret for mark in _CHALLENGES):
        return Challenged("challenged", code=code, reason=reason, url=text_at(data, "url"))
    if is_session_gone(ret):
        return LoginExpired("login_expired", code=code, reason=reason)
    if any(line.startswith(_THROTTLED) for line in ret):
        return Busy("market_busy", busy_s, code=code)
    if code.startswith(_BUSINESS) or code == NO_PERMISSION:
        return Refused("market_refused", code=code, reason=reason)
    return Unknown("market_unknown", reason=code) if effect else MarketDown("market_down", reason=code)


def check_inside(data: Fields) -> None:
    """A write's outer success may be taken back by `success` inside (facts: 2.3), in its data or one level deeper.

    Refused when that is false; Unknown when it is neither true nor false (law 3).
    """
    inner = fields_at(data, "data") or data
    said = inner.get("success", True)
    if said in (False, "false"):
        words = text_at(inner, "message") or text_at(inner, "msg") or ""
        raise Refused("market_refused", code="success=false", reason=words)
    if said not in (True, "true"):
        raise Unknown("market_unknown", reason="success is neither true nor false")


def _parts(ret: Sequence[str]) -> tuple[str, str]:
    """The first line's code, and the first words anywhere (`CODE::words`)."""
    code = ret[0].partition("::")[0] if ret else "no ret"
    words = next((line.rpartition("::")[2] for line in ret if "::" in line), code)
    return code, words
