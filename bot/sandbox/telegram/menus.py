"""The command menu: per scope and language, and which one a person sees where."""

import re
from collections.abc import Iterator

from bot.sandbox.serving import Json
from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.formatting import units
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.refusal import bad
from bot.sandbox.telegram.things import Chat, Kind

MAX_COMMANDS = 100
_NAME = re.compile(r"[a-z0-9_]{1,32}")
SHARED = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
IN_CHAT = ("chat", "chat_administrators", "chat_member")
Key = tuple[str, int, int, str]
"""Scope, chat, user, language."""


class Menus:
    """setMyCommands, getMyCommands, deleteMyCommands."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._menus: dict[Key, list[Json]] = {}

    def set(self, params: Params) -> bool:
        """`setMyCommands`."""
        key, commands = self._key(params), params.json("commands")
        if not isinstance(commands, list):
            raise bad("can't parse commands JSON array")
        if len(commands) > MAX_COMMANDS:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        self._menus[key] = [_command(command) for command in commands]
        self._cloud.note("menu_set", scope=key[0], chat=key[1], user=key[2], language=key[3], commands=commands)
        return True

    def get(self, params: Params) -> list[Json]:
        """`getMyCommands`."""
        return self._menus.get(self._key(params), [])

    def delete(self, params: Params) -> bool:
        """`deleteMyCommands`."""
        self._menus.pop(self._key(params), None)
        return True

    def _key(self, params: Params) -> Key:
        scope = params.json("scope") or {"type": "default"}
        if not isinstance(scope, dict):
            raise bad("can't parse BotCommandScope JSON object")
        kind = str(scope.get("type"))
        if kind not in (*SHARED, *IN_CHAT):
            raise bad("can't parse BotCommandScope: Unsupported type specified")
        language = params.text("language_code") or ""
        if language and not re.fullmatch(r"[a-z]{2}", language):
            raise bad("language_code is invalid")
        chat_id = Params(scope).integer("chat_id") or 0 if kind in IN_CHAT else 0
        if kind in IN_CHAT and chat_id not in self._cloud.chats:
            raise bad("chat not found")
        return kind, chat_id, Params(scope).integer("user_id") or 0 if kind == "chat_member" else 0, language

    def shown_to(self, user_id: int, chat: Chat) -> list[Json]:
        """The menu a person sees in a chat: the narrowest scope that has one, the own language first."""
        language = self._cloud.users[user_id].language_code[:2]
        for scope, chat_id, member in _scopes(user_id, chat):
            for spoken in (language, ""):
                if menu := self._menus.get((scope, chat_id, member, spoken)):
                    return menu
        return []


def _scopes(user_id: int, chat: Chat) -> Iterator[tuple[str, int, int]]:
    if chat.kind is Kind.private:
        yield from (("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0))
        return
    yield "chat_member", chat.id, user_id
    if chat.is_admin(user_id):
        yield "chat_administrators", chat.id, 0
    yield "chat", chat.id, 0
    if chat.is_admin(user_id):
        yield "all_chat_administrators", 0, 0
    yield from (("all_group_chats", 0, 0), ("default", 0, 0))


def _command(command: object) -> Json:
    if not isinstance(command, dict):
        raise bad("can't parse BotCommand: expected an Object")
    name, about = str(command.get("command", "")).removeprefix("/"), str(command.get("description", ""))
    if not _NAME.fullmatch(name):
        raise bad("BOT_COMMAND_INVALID")
    if not 1 <= units(about) <= 256:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": about}
