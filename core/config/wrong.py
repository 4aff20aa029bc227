"""What a check of ours says of a setting: a code with its facts, and the English sentence."""

from pydantic_core import ErrorDetails, PydanticCustomError

CHECKS = {
    "all_of": "{missing} is missing: an app needs all of {names}",
    "between": "{name} must lie between {low} and {high}",
    "goes_with": "{missing} is missing although {given} is set",
    "larger": "{name} must be larger than {than}",
    "must_rise": "{names} must rise in this order",
    "no_number": "a number is wanted, not true or false",
    "no_path": "a path is wanted",
    "no_proxy": "proxy must look like http://host:port or socks5h://user:password@host:port",
    "no_time": 'a time of day is wanted, like "21:00"',
    "no_url": "{name} must begin with http:// or https://",
    "no_zone": "no such time zone",
    "not_rising": "each number must be larger than the one before",
    "not_smaller": "{name} must not be smaller than {than}",
    "odd_year": "the year must lie between 2000 and 2100",
    "one_mode": "one mode only: bot_id and secret for the long connection, token and aes_key for the URL",
    "same_name": "two accounts have the same name",
    "together": "{names} belong together: one of them is missing",
    "too_large": "the number is too large",
    "two_paths": "[wecom.app] and [wecom.aibot] need a path each",
}
"""Every check there is; the texts of the chat have the same codes."""


def wrong(code: str, **facts: str) -> PydanticCustomError:
    """The error a check raises."""
    return PydanticCustomError(code, CHECKS[code], facts)


def find_check(found: ErrorDetails) -> tuple[str, dict[str, str]]:
    """The code and the facts of a check of ours; an empty code for what the library says of types."""
    code = found["type"]
    return (code, {name: str(value) for name, value in found.get("ctx", {}).items()}) if code in CHECKS else ("", {})
