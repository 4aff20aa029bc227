"""check: is everything set up? A line a thing, with the next step where one is missing."""

import argparse
import asyncio
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.host.options import OK, WRONG, Commands, add_config, find_file, find_locale, read_config

if TYPE_CHECKING:
    from core.config import Config
    from core.engine.front import Engine
    from core.values.checks import CheckLine

LONGEST_FACT = 300


def add(commands: Commands) -> None:
    """Add the verb."""
    check = commands.add_parser(
        "check",
        help="is everything set up? says what to do next; a running shop is not disturbed",
        description="Look at the configuration, the data folder, every account, the model, every chat: a line each; "
        "exit 0 when nothing is wrong.",
    )
    add_config(check)
    check.set_defaults(run=_check)


def _check(args: argparse.Namespace) -> int:
    logging.getLogger().addHandler(logging.NullHandler())  # the lines say it all
    from bot.cards.wrong import say_wrong
    from bot.texts import choose, load
    from core.errors import BadConfig
    from core.tools.folder import check_folder, check_private
    from core.values.checks import CheckLine, Part

    try:
        config = read_config(args)
    except BadConfig as error:
        locale = choose(find_locale(args))
        line = CheckLine(part=Part.config, key="check.config_wrong", facts={"reason": say_wrong(error, load(locale))})
        return _print([line], locale)
    read = CheckLine(
        part=Part.config, key="check.config_ok", ok=True, facts={"place": str(find_file(args) or "ZHANGGUI__…")}
    )
    first = [read, *check_private(_secret_files(config, find_file(args))), *check_folder(config.shop.data_dir)]
    _print(first, config.shop.locale)
    rest = _look(config)
    _print(rest, config.shop.locale)
    return OK if all(line.ok for line in (*first, *rest)) else WRONG


def _secret_files(config: "Config", path: Path | None) -> "Iterator[Path]":
    """The files of logins, and the configuration when a secret stands in it."""
    from core.config import secrets_of

    yield from (account.cookie_file for account in config.accounts if account.cookie_file is not None)
    text = path.read_text("utf-8-sig") if path is not None else ""
    if path is not None and any(secret and secret in text for secret in secrets_of(config)):
        yield path


def _look(config: "Config") -> "list[CheckLine]":
    """The running shop's own words; without one, a shop built for the purpose."""
    from core.errors import BadConfig
    from core.tools.control import NobodyThere, ask
    from core.values.checks import CheckLine, Part

    try:
        answer = ask(config.shop.data_dir, {"verb": "check"})
    except NobodyThere:
        try:
            return asyncio.run(_alone(config))
        except BadConfig as error:
            return [CheckLine(part=Part.folder, key="check.not_opened", facts={"reason": str(error)})]
    if "error" in answer:
        return [CheckLine(part=Part.folder, key="check.not_told", facts={"reason": str(answer["error"])})]
    lines = answer["lines"]
    assert isinstance(lines, list)
    return [CheckLine(part=Part.folder, key="check.running", ok=True), *map(CheckLine.model_validate, lines)]


async def _alone(config: "Config") -> "list[CheckLine]":
    """Nobody runs here: nothing listens, so that every login and robot can be tried for a moment."""
    from bot.fronts.checks import check_up
    from bot.fronts.counter import Counter
    from bot.fronts.opening import load_fronts
    from core.run import open_shop
    from core.tools.folder import undisturbed

    openers = await load_fronts(config, headless=True)
    with undisturbed(config.shop.data_dir) as folder:
        settings = config.model_copy(update={"shop": config.shop.model_copy(update={"data_dir": folder})})
        async with open_shop(settings) as shop:
            engine: Engine = shop.engine
            counter: Counter = Counter(engine, settings, [opener(engine) for opener in openers])
            try:
                return await check_up(shop, [counter], running=False)
            finally:
                await counter.close()


def _print(lines: "Sequence[CheckLine]", locale: str) -> int:
    for words in _words(lines, locale):
        print(words, flush=True)
    return OK if all(line.ok for line in lines) else WRONG


def _words(lines: "Sequence[CheckLine]", locale: str) -> Iterator[str]:
    """One line each, whatever a group's or a person's name holds."""
    from bot.cards.clean import clean
    from bot.texts import load

    texts = load(locale)
    for line in lines:
        facts = {name: clean(str(fact), LONGEST_FACT) for name, fact in line.facts.items()}
        part = " ".join(filter(None, (texts(f"part.{line.part}"), line.about)))
        yield f"{'ok' if line.ok else 'wrong':<5}  {part}: {texts(line.key, **facts)}"
