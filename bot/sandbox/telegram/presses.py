"""Pressed buttons and their answers."""

import time

from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.formatting import clean, units
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.refusal import bad

LIFETIME_S = 15.0
"""Real seconds until a query is too old (facts: Telegram 3.2 says 5 to 20)."""
MAX_TOAST = 200
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Presses:
    """answerCallbackQuery: once, in time."""

    def __init__(self, cloud: Cloud) -> None:
        self.lifetime_s = LIFETIME_S
        self._cloud = cloud

    def answer(self, params: Params) -> bool:
        """`answerCallbackQuery`."""
        press = self._cloud.presses.get(params.text("callback_query_id") or "")
        if press is None or press.answer is not None or time.monotonic() - press.at_s > self.lifetime_s:
            raise bad(TOO_OLD)
        text = clean(params.text("text") or "")
        if units(text) > MAX_TOAST:
            raise bad("MESSAGE_TOO_LONG")
        press.answer = {"text": text, "show_alert": params.flag("show_alert")}
        press.version = self._cloud.touch()
        self._cloud.note("answered", press=press.id, user=press.user, chat=press.chat_id, **press.answer)
        return True
