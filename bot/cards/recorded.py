"""What an act's record says of before and after, in the reader's words: the record keeps the shop's own short ones."""

import re
from datetime import datetime

from bot.cards.pen import Pen
from core.values.acts import Act

OWN = frozenset(
    {
        "pause", "resume_auto", "stop_all", "resume_all", "notify", "mute", "unmute", "say", "remind", "resend",
        "settle", "takeover", "done", "first_connect", "postpone", "export", "backup", "import_numbers",
        "put_away_numbers", "notify_test", "item",
    }
)  # fmt: skip
"""Acts whose record holds words of the shop's alone; of others it holds what a person typed, which stays as it is."""
FAMILIES = ("recorded", "event", "kind", "level", "scope", "account_state", "table")
SWITCHES = ("True", "False")
_NAME = re.compile(r"[a-z][a-z_]*")
_MINUTES = re.compile(r"([0-9]{1,4})-([0-9]{1,4})")


def recorded_words(act: Act, text: str, pen: Pen) -> str:
    """States by name, instants in shop time, the shop's own words in the reader's; anything else as it stands."""
    if text in SWITCHES:
        return pen.word("switched", text)
    verb, _, field = act.verb.partition(" ")
    if verb in OWN and field in ("", "text"):
        return " ".join(_word(token, act.verb, pen) for token in text.split())
    if _NAME.fullmatch(text):
        return pen.any_word(text)
    return _instant(text, pen) or text


def _word(token: str, verb: str, pen: Pen) -> str:
    bare = token.rstrip(",:")
    minutes = _MINUTES.fullmatch(bare) if verb == "notify" else None
    if minutes is not None:
        return f"{_clock(minutes[1])}–{_clock(minutes[2])}"
    family = next((family for family in FAMILIES if pen.texts.has(f"{family}.{bare}")), None)
    return pen(f"{family}.{bare}") if family is not None else _instant(bare, pen) or token


def _clock(minutes: str) -> str:
    return f"{int(minutes) // 60:02}:{int(minutes) % 60:02}"


def _instant(text: str, pen: Pen) -> str:
    try:
        at = datetime.fromisoformat(text) if "T" in text or "+" in text else None
    except ValueError:
        return ""
    return pen.second(at) if at is not None and at.tzinfo is not None else ""
