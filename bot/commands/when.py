"""Lengths, times and days as people type them: 30m, 21:00, 半小时, 明天9:00, 7天, 2026-11, 2026-11-01..2026-11-15."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.errors import BadArgument

LONGEST = timedelta(days=30)
_UNITS = {
    "m": 60,
    "min": 60,
    "分": 60,
    "分钟": 60,
    "h": 3600,
    "小时": 3600,
    "个小时": 3600,
    "钟头": 3600,
    "d": 86400,
    "天": 86400,
    "日": 86400,
}
_NUMERALS = {
    "半": 0.5, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip
_LENGTH = re.compile(
    rf"([0-9]{{1,5}}(?:\.[0-9])?|[{''.join(_NUMERALS)}])({'|'.join(sorted(_UNITS, key=len, reverse=True))})"
)
_CLOCK = re.compile(r"(?:(明天|tomorrow))?([0-9]{1,2})(?::([0-9]{2})|点(半)?)")
_NAMED = {"今晚": "21:00", "tonight": "21:00", "中午": "12:00", "noon": "12:00", "明早": "明天9:00"}
_ONE_DAY = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "yesterday": 1, "前天": 2}
_DATE = re.compile(r"(?:(20[0-9]{2})[-/.年])?([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_LEADS = ("until", "到", "至", "推迟", "for")


class Days(NamedTuple):
    """A span of shop days, both ends included."""

    since: date
    until: date

    @classmethod
    def last(cls, count: int, today: date) -> "Days":
        """So many days up to today, today included."""
        return cls(today - timedelta(days=count - 1), today)


def read_days_word(word: str, today: date) -> Days:
    """The days a word means; BadArgument when it means none, or they end before they begin."""
    found = _named_days(word, today) or _written_days(word)
    if found is None:
        raise BadArgument("no_days", word=word)
    if found.until < found.since or found.since > today:
        raise BadArgument("days_out_of_range", word=word)
    return found


def _named_days(word: str, today: date) -> Days | None:
    if word in _ONE_DAY:
        day = today - timedelta(days=_ONE_DAY[word])
        return Days(day, day)
    if word in ("本月", "month"):
        return Days(today.replace(day=1), today)
    count = re.fullmatch(r"([0-9]{1,3})(?:d|天|日)", word)
    return Days.last(int(count[1]), today) if count and int(count[1]) else None


def _written_days(word: str) -> Days | None:
    """2026-11, 2026-11-01, or two of these with .. between them."""
    first, _, last = word.partition("..")
    since, until = _day_or_month(first), _day_or_month(last or first)
    return Days(since.since, until.until) if since and until else None


def _day_or_month(word: str) -> Days | None:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", word):
            first = date.fromisoformat(f"{word}-01")
            return Days(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
        day = date.fromisoformat(word) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word) else None
    except (ValueError, OverflowError):
        return None
    return Days(day, day) if day else None


def read_seconds(word: str) -> int | None:
    """A length in seconds; None when the word is none."""
    found = _LENGTH.fullmatch(_strip_lead(word))
    if found is None:
        return None
    number = _NUMERALS.get(found[1]) or (float(found[1]) if found[1] not in _NUMERALS else 0.0)
    return round(number * _UNITS[found[2]])


def read_instant(word: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant a word means, after `now`; BadArgument when it means none, or one too far away."""
    seconds = read_seconds(word)
    at = now + timedelta(seconds=seconds) if seconds is not None else _clock(_strip_lead(word), now, zone)
    if at is None:
        raise BadArgument("no_time", word=word)
    if not now < at <= now + LONGEST:
        raise BadArgument("time_out_of_range", word=word, days=LONGEST.days)
    return at


def is_time(word: str) -> bool:
    """Whether a word can be a length or a time at all."""
    bare = _strip_lead(word)
    return read_seconds(bare) is not None or bare in _NAMED or _CLOCK.fullmatch(bare) is not None


def _strip_lead(word: str) -> str:
    return next((word.removeprefix(lead) for lead in _LEADS if word.startswith(lead) and word != lead), word)


def _clock(word: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    found = _CLOCK.fullmatch(_NAMED.get(word, word))
    if found is None:
        return None
    hour, minute = int(found[2]), 30 if found[4] else int(found[3] or 0)
    if hour > 23 or minute > 59:
        return None
    here = now.astimezone(zone)
    at = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    tomorrow = found[1] is not None or at <= here
    return at + timedelta(days=1) if tomorrow else at


def read_day(word: str, today: date) -> date | None:
    """The day a word means: 2026-11-20, 11-20 or 11.20 (the newest one that has begun), 昨天, 前天; None for none."""
    if word in _ONE_DAY:
        return today - timedelta(days=_ONE_DAY[word])
    found = _DATE.fullmatch(word)
    if found is None:
        return None
    try:
        day = date(int(found[1] or today.year), int(found[2]), int(found[3]))
        return day.replace(year=day.year - 1) if found[1] is None and day > today else day
    except ValueError:
        return None
