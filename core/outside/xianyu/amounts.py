"""The platform's amounts and times: yuan as text, Beijing time without a zone."""

from datetime import UTC, datetime, timedelta, timezone

from core.values.money import Fen, fen_of_yuan

_BEIJING = timezone(timedelta(hours=8))
_FIRST_YEAR = 1971
_FORM = "%Y-%m-%d %H:%M:%S"


def fen_of(yuan: object) -> Fen | None:
    """An amount in yuan ("39.00", 39, 39.0) in 分; None when it is none, or below nothing."""
    if isinstance(yuan, bool) or not isinstance(yuan, str | int | float):
        return None
    try:
        fen = fen_of_yuan(str(yuan))
    except ValueError:
        return None
    return fen if fen >= 0 else None


def instant_of(text: object) -> datetime | None:
    """The instant of a Beijing time ("2026-05-07 19:47:03"); None when it is none, or before computers."""
    if not isinstance(text, str):
        return None
    try:
        instant = datetime.strptime(text.strip(), _FORM).replace(tzinfo=_BEIJING)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.year >= _FIRST_YEAR else None
