"""How the owner is told: loudness, quiet hours, places, mutes, the log."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from bot.cards.card import Draft
from bot.cards.replies import Options, plain
from bot.cards.telling import PAGE, event_card, log_card, mute_over_card, mutes_card, notify_card
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import Choice, Source, read_chat, read_order, read_product, read_word
from bot.commands.when import read_instant
from bot.commands.words import fold
from bot.texts import LOCALES, load
from core.errors import BadArgument, NotFound
from core.values.notices import NoticeKind
from core.values.people import ChatKind, Role
from core.values.telling import Event, EventView, Level, NotifyView, QuietHours, Route

QUIET, LOG, TEST, SAMPLE = "quiet", "log", "test", "sample"
SPECIAL = {
    "quiet": QUIET, "勿扰": QUIET, "免打扰": QUIET, "log": LOG, "记录": LOG, "test": TEST, "测试": TEST,
    "sample": SAMPLE,
}  # fmt: skip
LEVELS = {
    "on": Level.on, "开": Level.on, "响": Level.on, "silent": Level.silent, "静音": Level.silent, "无声": Level.silent,
    "off": Level.off, "关": Level.off, "关闭": Level.off,
}  # fmt: skip
HERE, MAIN = ("here", "这里"), ("main", "主群")
NOBODY = ("", "none", "无", "没有")
_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2})[-–~到至]([0-9]{1,2}):([0-9]{2})")
_TIMES = re.compile(r"([0-9]{1,6})(?:次|条|x|times)?")
_PAGE = re.compile(r"page([0-9]{1,2})")


def _named() -> dict[str, str]:
    """Events and kinds by every word people may type for them, in both languages."""
    words: dict[str, str] = {name.value: name.value for name in (*Event, *NoticeKind)}
    for locale in LOCALES:
        texts = load(locale)
        words |= {fold(texts(f"kind.{kind}")): kind.value for kind in NoticeKind}
        words |= {fold(texts(f"event.{event}")): event.value for event in Event}
    return words


async def read_event(source: Source) -> str:
    """An event or a kind, by its name or its word, or one of the card's other pages."""
    word = source.take()
    meant = SPECIAL.get(word.text) or _named().get(word.text)
    if meant is None:
        chinese, latin = (tuple(load(locale)(f"event.{event}") for event in Event) for locale in LOCALES)
        allowed = Options(chinese, tuple(map(fold, latin)))
        raise BadArgument("no_choice", word=word.raw, allowed=allowed)
    return meant


def _looks(values: Mapping[str, object]) -> bool:
    event, choice = values["event"], str(values["choice"] or "")
    if event in (None, LOG, SAMPLE):
        return True
    return event != TEST and (not choice or _PAGE.fullmatch(choice) is not None)


async def notify(ask: Ask, event: str | None, choice: str | None) -> Draft:
    """The card of all events, or of one; with a choice, the change."""
    telling, word = ask.engine.telling, fold(choice or "")
    if event is None:
        return notify_card(await telling.show(), ask.pen)
    if event == SAMPLE:
        return plain("sample_pressed", ask.pen)
    if event == LOG:
        return await _log(ask, word)
    if event == TEST:
        await telling.test(ask.actor, _event(word))
        return plain("test_sent", ask.pen)
    if event == QUIET:
        return notify_card(await _quiet(ask, word), ask.pen)
    return await _one(ask, event, word)


async def _one(ask: Ask, event: str, word: str) -> Draft:
    """An event or a kind: looked at, made louder or quieter, or sent to a place."""
    page = _PAGE.fullmatch(word)
    if not word or page:
        return await _shown(ask, await ask.engine.telling.show(), event, int(page[1]) - 1 if page else 0)
    if word in HERE or word in MAIN:
        return notify_card(await _place(ask, event, here=word in HERE), ask.pen)
    if word.startswith("@"):
        await ask.engine.tags.call(ask.actor, event, "" if word[1:] in NOBODY else word[1:])
        return await _shown(ask, await ask.engine.telling.show(), event)
    level = LEVELS.get(word)
    if level is None:
        raise BadArgument("no_choice", word=word, allowed=_ways(ask.pen("tag.example")))
    view = await ask.engine.telling.set_level(ask.actor, event, level)
    if event in set(Event):
        kept = level is Level.off and any(one.fixed for one in _view(view, event).kinds)
        return notify_card(view, ask.pen, ask.pen("note.never_off") if kept else "")
    return await _shown(ask, view, event)


def _ways(example: str) -> Options:
    """What may be written of how, where and to whom."""
    levels = Choice(LEVELS)
    chinese, latin = ((*levels.options(latin=one), HERE[not one], MAIN[not one], example) for one in (False, True))
    return Options(chinese, latin)


def _view(view: NotifyView, event: str) -> EventView:
    return next(one for one in view.events if one.event == event)


async def _shown(ask: Ask, view: NotifyView, word: str, page: int = 0) -> Draft:
    """The card of an event, or of the event a kind belongs to, at the page on which the kind stands."""
    for one in view.events:
        names = [kind.kind.value for kind in one.kinds]
        if one.event == word or word in names:
            at = names.index(word) // PAGE if word in names else page
            return event_card(view, one.event, ask.pen, at, called=await ask.engine.tags.by_kind())
    return notify_card(view, ask.pen)


async def _place(ask: Ask, event: str, *, here: bool) -> NotifyView:
    if event not in set(Event):
        raise BadArgument("place_of_event")
    if here and ask.request.chat_kind is ChatKind.private:
        raise BadArgument("place_is_group")
    route = Route(chat=ask.request.chat, topic=ask.request.topic) if here else None
    return await ask.engine.telling.set_route(ask.actor, Event(event), route)


async def _quiet(ask: Ask, word: str) -> NotifyView:
    if LEVELS.get(word) is Level.off:
        return await ask.engine.telling.set_quiet(ask.actor, None)
    found = _HOURS.fullmatch(word)
    if found is None or int(found[1]) > 23 or int(found[3]) > 23 or int(found[2]) > 59 or int(found[4]) > 59:
        raise BadArgument("no_hours", word=word)
    hours = QuietHours(from_minute=int(found[1]) * 60 + int(found[2]), to_minute=int(found[3]) * 60 + int(found[4]))
    return await ask.engine.telling.set_quiet(ask.actor, hours)


def _event(word: str) -> Event:
    meant = _named().get(word, Event.orders.value)
    return Event(meant) if meant in set(Event) else Event.orders


async def _log(ask: Ask, which: str) -> Draft:
    found = re.fullmatch(r"([mn])([0-9]{1,12})", which)
    if found is None:
        return log_card(await ask.engine.telling.log(), ask.pen)
    scope = "mute" if found[1] == "m" else "digest"
    return log_card(await ask.engine.telling.log_of(scope, int(found[2])), ask.pen, which)


class Muted(NamedTuple):
    """What a mute is for."""

    scope: str
    word: str
    entity_id: int = 0


async def read_muted(source: Source) -> Muted:
    """An event, a kind, p3, c7 or #42."""
    word = source.peek() or ""
    meant = _named().get(word)
    if meant is not None:
        source.take()
        return Muted("event" if meant in set(Event) else "kind", meant)
    if word.startswith("#"):
        order = await read_order(source)
        return Muted("order", f"#{order}", order)
    if re.fullmatch(r"c[0-9]+", word):
        chat = await read_chat(source)
        return Muted("chat", f"c{chat}", chat)
    try:
        product = await read_product(source)
    except NotFound:
        raise BadArgument("no_muted", word=word) from None
    return Muted("product", f"p{product}", product)


class End(NamedTuple):
    """When a mute ends: at an instant, or after so many."""

    until: datetime | None = None
    times: int | None = None


async def read_end(source: Source) -> End:
    """30m, 2h, 21:00, or 5次."""
    word = source.take().text
    found = _TIMES.fullmatch(word)
    if found is None:
        return End(until=read_instant(word, source.now, source.zone))
    if not int(found[1]):
        raise BadArgument("no_number", word=word)
    if source.peek() in ("times", "次", "条", "x"):
        source.take()
    return End(times=int(found[1]))


async def mute(ask: Ask, muted: Muted | None, end: End | None) -> Draft:
    """What is muted; or count something instead of showing it, for an hour if nothing is said."""
    if muted is None:
        return mutes_card(await ask.engine.telling.show(), ask.pen)
    wanted = end or End(until=read_instant("1h", ask.pen.now, ask.pen.zone))
    view = await ask.engine.telling.mute(ask.actor, *muted, wanted.until, wanted.times)
    return mutes_card(view, ask.pen, ask.pen("note.mute_kept"))


async def unmute(ask: Ask, muted: str) -> Draft:
    """End a mute, by its number or by what it is for: what it counted."""
    view = await ask.engine.telling.show()
    word = fold(muted)
    meant = _named().get(word, word)
    found = next((one.id for one in view.mutes if word == str(one.id) or one.word == meant), None)
    if found is None:
        raise NotFound("no_such_mute", mute=muted)
    return mute_over_card(*await ask.engine.telling.unmute(ask.actor, found), ask.pen)


ROWS = (
    Command(
        name="notify",
        words=("通知",),
        topic="notices",
        role=Role.owner,
        run=notify,
        arguments=(optional("event", read_event), optional("choice", read_word)),
        mutating=True,
        looks=_looks,
        in_menu=True,
    ),
    Command(
        name="mute",
        words=("静音",),
        topic="notices",
        role=Role.operator,
        run=mute,
        arguments=(optional("muted", read_muted), optional("end", read_end)),
        mutating=True,
        looks=lambda values: values["muted"] is None,
    ),
    Command(
        name="unmute",
        words=("取消静音",),
        topic="notices",
        role=Role.operator,
        run=unmute,
        arguments=(required("muted", read_word),),
        mutating=True,
    ),
)
