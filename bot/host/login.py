"""login: a new login of an account from the shell, by a code drawn here or by a browser's cookies."""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.host.options import OK, WRONG, Commands, add_config, read_config

if TYPE_CHECKING:
    from core.config import Config
    from core.errors import ShopError
    from core.values.logins import LoginState, LoginStep

LOOK_S = 0.5


def add(commands: Commands) -> None:
    """Add the verb."""
    login = commands.add_parser(
        "login",
        help="log an account in: by a code drawn here, or by a browser's cookies",
        description="A code to be scanned with the account's own app; with --cookie the Cookie header of a browser.",
    )
    login.add_argument("account", help="its name in the configuration")
    login.add_argument("--cookie", metavar="FILE", help="a file with a Cookie header; - reads standard input")
    add_config(login)
    login.set_defaults(run=_login)


def _login(args: argparse.Namespace) -> int:
    from core.tools import login
    from core.tools.control import NobodyThere

    config = read_config(args)
    login.find_account(config, args.account)
    by = _by_cookies if args.cookie else _by_code
    try:
        return by(args, config)
    except NobodyThere:
        return asyncio.run(_alone(args, config))


def _cookies(args: argparse.Namespace) -> str:
    from core.errors import BadConfig

    raw = sys.stdin.buffer.read() if args.cookie == "-" else Path(args.cookie).read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = "standard input" if args.cookie == "-" else args.cookie
        raise BadConfig(f"{name} is no text in UTF-8: give the Cookie header of a browser, one line") from error


def _how(unasked: "ShopError | None") -> str:
    """What is known of a login that was kept."""
    from core.errors import Challenged, MarketDown

    match unasked:
        case None:
            return "logged in; the platform took the login"
        case Challenged():
            return "kept, not checked: the platform wants a person to pass its check in the app or the browser first"
        case MarketDown():
            return f"kept, not checked: the platform cannot be reached from here ({unasked.facts.get('reason', '')})"
    return f"kept, not checked: the platform did not say ({unasked.key})"


def _by_cookies(args: argparse.Namespace, config: "Config") -> int:
    """A running shop looks at its cookie file; the cookies must be of the account's user."""
    from core.errors import BadConfig
    from core.tools import login
    from core.tools.control import ask

    known = ask(config.shop.data_dir, {"verb": "account", "account": args.account})
    if "error" in known:
        return _wrong(str(known["error"]))
    path = login.find_account(config, args.account).cookie_file
    if path is None:
        raise BadConfig("the shop runs and accounts.cookie_file is not set: log in without --cookie, or stop it first")
    cookies = _cookies(args)
    if known["user_id"] not in (None, login.user_of(cookies)):
        return _wrong("these cookies are of another user; nothing was changed")
    print(f"account {args.account}: {_how(asyncio.run(login.try_cookies(config, args.account, cookies)))}")
    login.write_cookies(path, cookies)
    return _print_answer(ask(config.shop.data_dir, {"verb": "do", "words": f"reconnect a{known['id']}"}))


def _by_code(args: argparse.Namespace, config: "Config") -> int:
    """The running shop fetches the code and follows the phone; it is drawn here."""
    from core.tools.control import ask
    from core.values.logins import OVER, LoginState, LoginStep

    begun = ask(config.shop.data_dir, {"verb": "login", "account": args.account})
    version: object = 0
    while "error" not in begun:
        said = ask(config.shop.data_dir, {"verb": "login", "id": begun["id"]})
        if "error" in said:
            return _wrong(str(said["error"]))
        state = LoginState(str(said["state"]))
        if said["version"] != version:
            version, code = said["version"], str(said.get("code") or "")
            _draw(LoginStep(state=state, code=code or None, detail=str(said["detail"])), args.account, config)
        if state in OVER:
            return _code_of(state)
        time.sleep(LOOK_S)
    return _wrong(str(begun["error"]))


async def _alone(args: argparse.Namespace, config: "Config") -> int:
    from core.tools import login

    if args.cookie:
        unasked = await login.take_cookies(config, args.account, _cookies(args))
        print(f"account {args.account}: {_how(unasked)}; start the shop: zhanggui run")
        return OK
    return _code_of(await login.log_in(config, args.account, lambda step: _draw(step, args.account, config)))


def _draw(step: "LoginStep", account: str, config: "Config") -> None:
    """A step in words, with its code."""
    from bot.cards.logins import MARKS
    from bot.cards.qr import qr_lines
    from bot.texts import load

    texts = load(config.shop.locale)
    print(texts(f"login_title.{step.state}", mark=MARKS[step.state], name=account))
    if step.code:
        print(f"\n{qr_lines(step.code)}\n")
    print(f"  {texts(f'login_note.{step.state}')}", flush=True)
    if step.detail:
        key = f"login_detail.{step.detail}"
        print(f"  {texts(key) if texts.has(key) else step.detail}")


def _code_of(state: "LoginState") -> int:
    from core.values.logins import LoginState

    return OK if state is LoginState.done else WRONG


def _print_answer(answer: dict[str, object]) -> int:
    print(answer.get("text") or answer.get("error") or "", end="")
    return OK if answer.get("ok") else WRONG


def _wrong(words: str) -> int:
    print(f"zhanggui login: {words}", file=sys.stderr)
    return WRONG
