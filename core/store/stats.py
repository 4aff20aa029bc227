"""Roll-ups of shop days."""

from datetime import date

from core.store.db import Reader
from core.values.views import DayNumbers


async def numbers(reader: Reader, since: date, until: date) -> DayNumbers:
    """The numbers of a span of shop days, both ends included."""
    rows = await reader.all("daily.between", since=since.isoformat(), until=until.isoformat())
    return DayNumbers.model_validate({"since": since, "until": until, **{row["name"]: row["value"] for row in rows}})
