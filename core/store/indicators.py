"""The figures a shop is judged by: rows become values here."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

import orjson

from core.clock import to_ms
from core.store.db import Reader


async def durations(
    reader: Reader, since: date, until: date, accounts: Sequence[int] | None = None
) -> dict[str, dict[int, int]]:
    """The buckets (upper end in ms → how many) of a span of shop days, by name; of all, or of some accounts."""
    found: defaultdict[str, dict[int, int]] = defaultdict(dict)
    span = {"since": since.isoformat(), "until": until.isoformat()}
    if accounts is None:
        rows = await reader.all("indicators.durations", **span)
    else:
        rows = await reader.all("indicators.durations_of_accounts", accounts=orjson.dumps([*accounts]).decode(), **span)
    for row in rows:
        found[row["name"]][row["upto_ms"]] = row["n"]
    return found


async def presence(reader: Reader, since: date, until: date) -> tuple[int, int]:
    """How long the shop was there and how long it was away, in ms, on a span of shop days."""
    row = await reader.one("indicators.presence", since=since.isoformat(), until=until.isoformat())
    return (row["up_ms"], row["down_ms"]) if row else (0, 0)


async def told(reader: Reader, since: datetime, until: datetime, soon_ms: int) -> tuple[int, int]:
    """How many notices were done with in a span, and how many of them were shown soon after they arose."""
    row = await reader.one("indicators.told", since=to_ms(since), until=to_ms(until), soon=soon_ms)
    return (row["n"], row["soon"]) if row else (0, 0)


async def untold(reader: Reader, late: datetime) -> int:
    """How many notices have been due since before an instant; ten thousand means that many or more."""
    row = await reader.one("indicators.untold", late=to_ms(late))
    return int(row["n"]) if row else 0
