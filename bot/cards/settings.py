"""The running configuration and a change of it."""

from collections.abc import Iterator, Sequence

from bot.cards.card import MAX_BUTTONS, MAX_FIELDS, MAX_LABEL, Draft, Offer, Style
from bot.cards.pen import Pen
from bot.cards.wrong import say_wrong
from core.config import SettingRow
from core.errors import BadConfig
from core.values.settings import Reload, SettingChange

PLACES = {"default": "place_of.default", "chat": "place_of.chat"}
TRADE = ("replies", "approvals", "shipping", "risk", "limits", "report", "reminders")
DEFAULT = "default"


def config_card(rows: Sequence[SettingRow], section: str | None, pen: Pen, waiting: Sequence[str] = ()) -> Draft:
    """A table's settings; or, of all, those that somebody gave: each with its source. `waiting`: for a restart."""
    shown = [row for row in rows if section or row.place != DEFAULT][:MAX_FIELDS]
    others = [name for name in TRADE if name != section]
    return Draft(
        entity="config",
        title=pen("title.config", section=section or pen("config.given")),
        fields=tuple(_row(row, section, pen) for row in shown),
        note="\n".join((*((pen("note.waiting", keys=" ".join(waiting)),) if waiting else ()), pen("note.config"))),
        offers=tuple(Offer(label=name, words=f"config {name}") for name in others[:MAX_BUTTONS]),
    )


def _row(row: SettingRow, section: str | None, pen: Pen) -> tuple[str, str]:
    told = f"{row.value or '-'} · {_place(row.place, pen)}"
    if section:
        return row.key.removeprefix(f"{section}."), told
    return _short(row.key), " ".join(filter(None, (told, _table(row.key))))


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


def reload_question(found: Reload, pen: Pen) -> Draft:
    """What the file says otherwise, and the press that lets it hold."""
    return Draft(
        entity="setting",
        title=pen("title.reload"),
        fields=_changes(found, pen),
        note="\n".join((pen("note.reload"), *_remarks(found, pen))),
        offers=(
            Offer(label=pen("button.reload"), words="reload", style=Style.good, confirms=True),
            Offer(label=pen("button.no"), words="config"),
        ),
    )


def reloaded_card(found: Reload, pen: Pen, *, by_itself: bool = False) -> Draft:
    """It holds, and how to go back on each that does; or nothing was new."""
    if not found.changes:
        return Draft(entity="setting", title=pen("title.nothing_new"), note="\n".join(_remarks(found, pen)))
    live = [one for one in found.changes if not one.at_start and one.overruled is None]
    why = (pen("note.config_changed"),) if by_itself else ()
    return Draft(
        entity="config",
        entity_id=found.number,
        title=pen("title.config_changed" if by_itself else "title.reloaded", n=found.number),
        fields=_changes(found, pen),
        note="\n".join((*why, *_remarks(found, pen))),
        offers=tuple(_back(one, pen) for one in live[:MAX_BUTTONS]),
    )


def _back(change: SettingChange, pen: Pen) -> Offer:
    name = change.key.partition(".")[2]
    return Offer(label=pen("button.back_to", key=name), words=f"set {change.key} {change.before or DEFAULT}")


def _changes(found: Reload, pen: Pen) -> tuple[tuple[str, str], ...]:
    return tuple((_short(one.key), _line(one, pen)) for one in found.changes[:MAX_FIELDS])


def _short(key: str) -> str:
    """A key's own name; its table stands in the value where the label is too narrow for both."""
    return key if len(key) <= MAX_LABEL else key.rpartition(".")[2]


def _table(key: str) -> str:
    return "" if _short(key) == key else f"[{key.rpartition('.')[0]}]"


def _line(change: SettingChange, pen: Pen) -> str:
    marks = (
        pen("config.at_start") if change.at_start else "",
        pen("config.overruled", value=change.overruled) if change.overruled is not None else "",
    )
    return " ".join(filter(None, (f"{change.before or '-'} → {change.after or '-'}", *marks, _table(change.key))))


def _remarks(found: Reload, pen: Pen) -> Iterator[str]:
    overruled = next((one.key for one in found.changes if one.overruled is not None), None)
    if any(one.at_start for one in found.changes):
        yield pen("note.after_restart")
    if overruled is not None:
        yield pen("note.overruled", key=overruled)
    if found.waiting:
        yield pen("note.waiting", keys=" ".join(found.waiting))


def config_wrong_card(error: BadConfig | None, pen: Pen) -> Draft:
    """The file cannot be used as it stands now, and why; or it can again."""
    if error is None:
        return Draft(entity="config", title=pen("title.config_right"))
    return Draft(
        entity="config", title=pen("title.config_wrong"), note=pen("note.config_wrong", why=say_wrong(error, pen.texts))
    )
