"""The Cookie header as a value: read, merge, write; a name never twice (a doubled `_m_h5_tk` breaks every sign)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_BEGAN = datetime(1971, 1, 1, tzinfo=UTC)
"""Servers take a cookie away by an end in 1970."""
SESSION = ("cookie2", "unb")
"""The cookies that are the session (facts: cookies that matter)."""


def cookies_of(header: str) -> dict[str, str]:
    """The cookies of a Cookie header in their order; of a repeated name the last value counts."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, sign, value in pairs if sign and name}


def header_of(cookies: dict[str, str]) -> str:
    """The Cookie header of some cookies."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def merge(header: str, set_cookies: Iterable[str]) -> str:
    """The header after a server's Set-Cookie lines: new values replace, emptied or expired ones go."""
    cookies = cookies_of(header)
    for line in set_cookies:
        name, _, value = line.partition(";")[0].strip().partition("=")
        if value in ("", "deleted") or _is_over(line):
            cookies.pop(name, None)
        elif name:
            cookies[name] = value
    return header_of(cookies)


def ends_at(set_cookies: Iterable[str], now: datetime) -> datetime | None:
    """When the session that a server just set will end, by its own word; None when it does not say."""
    said = [_end_of(line, now) for line in set_cookies if line.partition("=")[0].strip() in SESSION]
    return min((at for at in said if at is not None and at > now), default=None)


def _is_over(line: str) -> bool:
    """Whether a line takes its cookie away: of no age, or over since time began.

    A later end is not compared with our clock, which may be wrong by days.
    """
    end = _end_of(line, _BEGAN)
    return end is not None and end <= _BEGAN


def _end_of(line: str, now: datetime) -> datetime | None:
    parts = (part.strip().partition("=") for part in line.split(";")[1:])
    facts = {name.lower(): value for name, _, value in parts}
    try:
        if "max-age" in facts:
            return now + timedelta(seconds=int(facts["max-age"]))
        return parsedate_to_datetime(facts["expires"]).astimezone(UTC) if "expires" in facts else None
    except (ValueError, OverflowError, TypeError):
        return None
