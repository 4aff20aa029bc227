"""The configuration in the chat: looked at, changed where a chat may, and read again."""

from collections.abc import Awaitable

from bot.cards.card import Draft
from bot.cards.settings import DEFAULT, config_card, reload_question, reloaded_card, set_card, set_question
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import Source, read_text
from core.errors import BadArgument, BadConfig
from core.values.people import Role
from core.values.settings import Reload

BACK = frozenset({DEFAULT, "默认"})


async def read_key(source: Source) -> str:
    """section.name, as the example file writes it."""
    return source.take().text


async def read_section(source: Source) -> str:
    """The name of a table."""
    word = source.take().text
    if not source.engine.settings.list(word):
        raise BadArgument("no_such_section", word=word)
    return word


async def show_config(ask: Ask, section: str | None) -> Draft:
    """The running configuration, secrets masked."""
    return config_card(ask.engine.settings.list(section), section, ask.pen, ask.engine.settings.waiting)


async def preview_set(ask: Ask, setting: str, value: str) -> Draft:
    """Old → new; what is not allowed is refused here already."""
    change = await ask.engine.settings.preview(setting, _meant(value))
    return set_question(change, f"set {setting} {value}", ask.pen)


async def set_setting(ask: Ask, setting: str, value: str) -> Draft:
    """Set it."""
    return set_card(await ask.engine.settings.choose(ask.actor, setting, _meant(value)), ask.pen)


async def preview_reload(ask: Ask) -> Draft | None:
    """What the file says otherwise than when it was read; without a difference there is nothing to ask."""
    found = await _read(ask.engine.settings.look())
    return reload_question(found, ask.pen) if found.changes else None


async def reload(ask: Ask) -> Draft:
    """Read the file again, and let it hold."""
    return reloaded_card(await _read(ask.engine.settings.reload(ask.actor)), ask.pen)


async def _read(found: Awaitable[Reload]) -> Reload:
    try:
        return await found
    except BadConfig as error:
        raise BadArgument("bad_file", why=error) from error


def _meant(value: str) -> str | None:
    return None if value in BACK else value


ROWS = (
    Command(
        name="config",
        words=("配置",),
        topic="shop",
        role=Role.owner,
        run=show_config,
        arguments=(optional("section", read_section),),
    ),
    Command(
        name="set",
        words=("设置",),
        topic="shop",
        role=Role.owner,
        run=set_setting,
        preview=preview_set,
        arguments=(required("setting", read_key), required("value", read_text)),
        mutating=True,
    ),
    Command(
        name="reload",
        words=("重载",),
        topic="shop",
        role=Role.owner,
        run=reload,
        preview=preview_reload,
        mutating=True,
    ),
)
