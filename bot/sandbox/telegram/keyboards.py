"""What Telegram accepts as `reply_markup`, and how it refuses the rest.

The words for a row, a keyboard, a style or a copied text that is too much are not in the facts; only that they are
refused is.
"""

from bot.sandbox.serving import Json
from bot.sandbox.telegram.formatting import units
from bot.sandbox.telegram.refusal import bad

MAX_DATA_BYTES, MAX_BUTTONS, MAX_ROW, MAX_COPY = 64, 100, 8, 256
STYLES = ("danger", "success", "primary")
OTHER_KINDS = ("keyboard", "remove_keyboard", "force_reply")
ACTIONS = (
    "callback_data", "url", "copy_text", "switch_inline_query", "switch_inline_query_current_chat", "web_app",
    "login_url",
)  # fmt: skip


def check(markup: object) -> Json | None:
    """The inline keyboard as Telegram keeps it, None for none or for a keyboard under the typing box."""
    if markup is None or markup == "":
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if markup and not any(kind in markup for kind in OTHER_KINDS):
            raise bad("can't parse reply keyboard markup JSON object")
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be an Array of Arrays')
    if sum(len(row) for row in rows) > MAX_BUTTONS or any(len(row) > MAX_ROW for row in rows):
        raise bad("REPLY_MARKUP_TOO_LONG")
    kept = [[_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _button(button: object) -> Json:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: Expected an Object")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad('can\'t parse inline keyboard button: Field "text" must be a non-empty String')
    if len([action for action in ACTIONS if action in button]) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if button.get("style") not in (None, *STYLES):
        raise bad("can't parse inline keyboard button: invalid button style specified")
    _check_data(button)
    _check_copy(button)
    _check_url(button)
    return button


def _check_data(button: Json) -> None:
    if "callback_data" not in button:
        return
    data = button["callback_data"]
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= MAX_DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")


def _check_copy(button: Json) -> None:
    if "copy_text" not in button:
        return
    copied = button["copy_text"]
    text = copied.get("text") if isinstance(copied, dict) else None
    if not isinstance(text, str) or not 1 <= units(text) <= MAX_COPY:
        raise bad("BUTTON_COPY_TEXT_INVALID")


def _check_url(button: Json) -> None:
    if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
