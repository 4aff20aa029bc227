"""The running configuration and a change of it."""

from collections.abc import Sequence

from bot.cards.card import MAX_BUTTONS, MAX_FIELDS, Draft, Offer, Style
from bot.cards.pen import Pen
from core.config import SettingRow
from core.values.settings import SettingChange

PLACES = {"default": "place_of.default", "chat": "place_of.chat"}
TRADE = ("replies", "approvals", "shipping", "risk", "limits", "report", "reminders")
DEFAULT = "default"


def config_card(rows: Sequence[SettingRow], section: str | None, pen: Pen) -> Draft:
    """A table's settings; or, of all, those that somebody gave: each with its source."""
    shown = [row for row in rows if section or row.place != DEFAULT][:MAX_FIELDS]
    others = [name for name in TRADE if name != section]
    return Draft(
        entity="config",
        title=pen("title.config", section=section or pen("config.given")),
        fields=tuple((_name(row, section), f"{row.value or '-'} · {_place(row.place, pen)}") for row in shown),
        note=pen("note.config"),
        offers=tuple(Offer(label=name, words=f"config {name}") for name in others[:MAX_BUTTONS]),
    )


def _name(row: SettingRow, section: str | None) -> str:
    return row.key.removeprefix(f"{section}.") if section else row.key


def _place(place: str, pen: Pen) -> str:
    if place in PLACES:
        return pen(PLACES[place])
    return place if place.startswith("ZHANGGUI__") else pen("place_of.file")


def set_question(change: SettingChange, words: str, pen: Pen) -> Draft:
    """Old → new, and the press that does it."""
    return Draft(
        entity="setting",
        title=pen("title.set", key=change.key),
        fields=((pen("label.change"), f"{change.before or '-'} → {change.after or '-'}"),),
        note=pen("note.set_at_start") if change.at_start else pen("note.set_now"),
        offers=(
            Offer(label=pen("button.set"), words=words, style=Style.good, confirms=True),
            Offer(label=pen("button.no"), words=f"config {change.key.partition('.')[0]}"),
        ),
    )


def set_card(change: SettingChange, pen: Pen) -> Draft:
    """It is set, and how to go back."""
    back = change.before if change.place == "chat" else DEFAULT
    return Draft(
        entity="setting",
        title=pen("title.was_set", key=change.key),
        fields=((pen("label.change"), f"{change.before or '-'} → {change.after or '-'}"),),
        note=pen("note.set_at_start") if change.at_start else pen("note.is_set"),
        offers=(Offer(label=pen("button.roll_back"), words=f"set {change.key} {back}"),),
    )
