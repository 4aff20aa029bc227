"""Kinds of setting: numbers with bounds, addresses, lists; each reads the text of an environment variable as well."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict

from core.config.wrong import wrong


class Section(BaseModel):
    """A table of the configuration: frozen, and strict about names.

    Patterns are Python's own: pydantic's other engine spends 3 MB on a name of up to 32 letters of any script.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True, regex_engine="python-re"
    )


def _number(raw: object) -> object:
    if isinstance(raw, bool):
        raise wrong("no_number")
    if isinstance(raw, int) and abs(raw) >= 2**63:
        raise wrong("too_large")
    return raw


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise wrong("no_zone") from error
    return name


def _time_of_day(text: str) -> str:
    hour, _, minute = text.partition(":")
    whole = all(part.isascii() and part.isdecimal() and len(part) <= 2 for part in (hour, minute))
    if not whole or not (int(hour) < 24 and int(minute) < 60):
        raise wrong("no_time")
    return f"{int(hour):02d}:{int(minute):02d}"


def _split(raw: object) -> object:
    if isinstance(raw, str):
        return [part.strip() for part in raw.split(",") if part.strip()]
    return raw


def _rising(numbers: tuple[float, ...]) -> tuple[float, ...]:
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise wrong("not_rising")
    return numbers


def _folder(raw: object) -> object:
    if isinstance(raw, str) and (not raw.strip() or "\0" in raw):
        raise wrong("no_path")
    return raw


def _utc(instant: datetime) -> datetime:
    if not 2000 <= instant.year <= 2100:
        raise wrong("odd_year")
    return instant.astimezone(UTC)


Count = Annotated[int, BeforeValidator(_number)]
"""A whole number."""
Number = Annotated[float, BeforeValidator(_number)]
"""A number that may have a fraction."""
Zone = Annotated[str, AfterValidator(_zone)]
"""An IANA time zone."""
TimeOfDay = Annotated[str, AfterValidator(_time_of_day)]
"""Hours and minutes of the shop's own clock, "21:00"."""
Rising = Annotated[tuple[Number, ...], BeforeValidator(_split), AfterValidator(_rising)]
"""A list of ever larger numbers; in an environment variable: separated by commas."""
Place = Annotated[Path, BeforeValidator(_folder)]
"""A path; a relative one counts from the working directory."""
Instant = Annotated[AwareDatetime, BeforeValidator(_number), AfterValidator(_utc)]
"""An instant with its offset, kept as UTC."""
