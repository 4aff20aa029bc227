"""A card as WeCom shows it: markdown, and a template card where there are buttons (limits: facts, WeCom 5).

A template card is small: what does not fit on it goes before it as markdown, so that nobody decides on half the facts.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from bot.cards.card import CALL, Button, Card, FieldLine, Mention, Style
from bot.cards.clean import clip
from bot.fronts.wecom.shapes import Json

MAX_TITLE, MAX_DESC, MAX_SUB = 26, 30, 112
MAX_LINES, MAX_KEYNAME, MAX_VALUE = 6, 5, 26
MAX_VERB = 10
"""Characters of a template card's parts, and how many lines it has."""
MAX_MARKDOWN_BYTES = 20_480
MAX_WEBHOOK_BYTES = 4096
MAX_APP_BYTES = 2048
STYLES = {Style.plain: 2, Style.good: 1, Style.danger: 3}
"""Button styles: 1 is blue, 2 grey, 3 red."""
NOWHERE: Json = {"type": 1, "url": "https://work.weixin.qq.com"}
"""A card without buttons must lead somewhere (text_notice needs card_action): WeCom itself."""
SEPARATOR = " · "
_SIGNS = str.maketrans("*`[]<|~", "＊｀［］＜｜～")
_EDGE = re.compile(r"(?<!\w)_|_(?!\w)")
_LINE_HEAD = re.compile(r"^(?=\s*(?:[-+>]|#+|\d+\.)\s)|^(?=>)", re.MULTILINE)
_ENTITIES = {"#": "order", "c": "chat", "p": "product", "k": "keep"}
_THING = re.compile(r"(?<![0-9A-Za-z])([#cpk])(\d{1,9})(?![0-9A-Za-z])")
_SIGN = re.compile(r"^[^\w{(]+\s")
_GAP = re.compile(r"\s+(?=[^\w\s]+$)")
PERSON = "wecom:"
_USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
"""Letters and digits, and `_-@.` behind the first (the admin console's rule)."""
_JOINER = "\u2060"
_TASK = re.compile(r"([a-z_]+)-(\d+)-\d+@[0-9a-f]{24}")
_NOT_TASK = re.compile(r"[^0-9a-z_]")


@dataclass(frozen=True)
class Page:
    """A card painted: `markdown` says everything; `card` has the buttons; `fits` when the card could say it too."""

    markdown: str
    card: Json | None = None
    fits: bool = True


def paint(card: Card, task_id: str = "", mark: str = "") -> Page:
    """The page of a card; `mark` stands before its title (可能重复). With buttons it needs a task_id."""
    marked = card.model_copy(update={"title": SEPARATOR.join(filter(None, (mark, card.title)))})
    painted, fits = _template(marked, task_id)
    return Page(markdown(marked), painted if card.buttons else None, fits and not card.mentions)


def is_words(card: Card) -> bool:
    """Whether there is nothing but words on it."""
    return not card.buttons and not card.mentions and card.picture is None and card.file is None


def markdown(card: Card) -> str:
    """Everything a card says; what people and buyers wrote is text, never markup."""
    lines = [f"**{safe(card.title)}**", *(f"{safe(line.label)}　{safe(line.value)}" for line in card.fields)]
    lines += [" ".join((CALL, *(_mention(one) for one in card.mentions)))] if card.mentions else []
    return brief("\n".join((*lines, *(("", safe(card.note)) if card.note else ()))), MAX_MARKDOWN_BYTES)


def _mention(one: Mention) -> str:
    """A person by userid, which rings where the client knows it (5.0.6 and later), and by name, which all read.

    `all` would ring for everybody: no person is called that.
    """
    userid = one.who.removeprefix(PERSON)
    is_here = one.who.startswith(PERSON) and _USERID.fullmatch(userid) and userid.casefold() != "all"
    return f"<@{userid}> {safe(one.name)}" if is_here else safe(one.name)


def safe(text: str) -> str:
    """A text that is no markup: markdown's signs full-width, a word joiner before heads of lists, quotes and titles.

    Whether WeCom knows backslashes as escapes is not documented.
    """
    return _LINE_HEAD.sub(_JOINER, _EDGE.sub("＿", text.translate(_SIGNS)))


def brief(text: str, most_bytes: int = MAX_WEBHOOK_BYTES) -> str:
    """The beginning of a text within a number of UTF-8 bytes."""
    raw = text.encode()
    return text if len(raw) <= most_bytes else raw[: most_bytes - 3].decode("utf-8", "ignore") + "…"


def in_pieces(text: str, most_bytes: int = MAX_APP_BYTES) -> list[str]:
    """A text in pieces of so many UTF-8 bytes, broken between lines where there are any."""
    pieces = [""]
    for line in text.split("\n"):
        longer = f"{pieces[-1]}\n{line}" if pieces[-1] else line
        if len(longer.encode()) <= most_bytes:
            pieces[-1] = longer
        else:
            pieces.append(brief(line, most_bytes))
    return [piece for piece in pieces if piece] or [text]


def new_task_id(card: Card) -> str:
    """A name no card of this robot ever had; it begins with the thing, so that a press after a restart names it."""
    entity, _, number = card.ref.partition(":")
    whose = f"{_NOT_TASK.sub('', entity)}-{number if number.isdigit() else 0}-{card.version}"
    return f"{whose[:80]}@{secrets.token_hex(12)}"


def message_of(card: Card) -> str:
    """The id of the message that shows a card. WeCom gives none, and no card changes later: it is the thing's name."""
    return card.ref


def message_of_task(task_id: str) -> str:
    """The message a pressed card stands for; empty when the task_id is not ours."""
    found = _TASK.fullmatch(task_id)
    return f"{found[1]}:{found[2]}" if found else ""


def notice_card(title: str, task_id: str) -> Json:
    """A card of one line, without buttons."""
    head, more, _ = _split(title)
    return {
        "card_type": "text_notice",
        "main_title": {"title": head} | ({"desc": more} if more else {}),
        "card_action": NOWHERE,
        "task_id": task_id,
    }


def closed(card: Card, task_id: str) -> Json:
    """A card without its buttons: what it turns into when it was decided."""
    painted, _ = _template(card, task_id)
    del painted["button_list"]
    return {**painted, "card_type": "text_notice", "card_action": NOWHERE}


def _template(card: Card, task_id: str) -> tuple[Json, bool]:
    head, more, whole = _split(card.title)
    lines, left = _lines(card.fields)
    sub = "\n".join((*(f"{line.label} {line.value}" for line in left), *([card.note] if card.note else [])))
    painted: Json = {
        "card_type": "button_interaction",
        "main_title": {"title": head} | ({"desc": more} if more else {}),
        "button_list": [_button(button) for button in card.buttons],
        "task_id": task_id,
    }
    if sub:
        painted["sub_title_text"] = _first_lines(sub)
    if lines:
        painted["horizontal_content_list"] = [{"keyname": line.label, "value": line.value} for line in lines]
    return painted, whole and len(sub) <= MAX_SUB and card.picture is None and card.file is None


def _button(button: Button) -> Json:
    return {"text": short_verb(button.verb), "style": STYLES[button.style], "key": str(button.action)}


def short_verb(verb: str) -> str:
    """A button's word, rather without its sign than cut; a sign at its end says what a press makes of it."""
    for shorter in (verb, _SIGN.sub("", verb), _GAP.sub("", verb)):
        if 0 < len(shorter) <= MAX_VERB:
            return shorter
    return clip(_SIGN.sub("", verb) or verb, MAX_VERB)


def _split(title: str) -> tuple[str, str, bool]:
    """A title in the card's two lines, broken between its parts; whether all of it is there."""
    if len(title) <= MAX_TITLE:
        return title, "", True
    parts = title.split(SEPARATOR)
    most = next((n for n in range(len(parts) - 1, 0, -1) if len(SEPARATOR.join(parts[:n])) <= MAX_TITLE), 0)
    at = title.rfind(" ", 1, MAX_TITLE + 1) if title[MAX_TITLE - 1 : MAX_TITLE + 1].isascii() else -1
    cut = at if at > 0 else MAX_TITLE
    head = SEPARATOR.join(parts[:most]) if most else title[:cut]
    rest = SEPARATOR.join(parts[most:]) if most else title[cut:].strip()
    return head, clip(rest, MAX_DESC), len(rest) <= MAX_DESC


def _first_lines(text: str) -> str:
    """As many whole lines as there is room for: what is left out stands above the card, and half a line misleads."""
    whole = text[: MAX_SUB + 1].rpartition("\n")[0] if len(text) > MAX_SUB else text
    return whole or clip(text, MAX_SUB)


def _lines(fields: tuple[FieldLine, ...]) -> tuple[list[FieldLine], list[FieldLine]]:
    """The fields that stand in lines of their own, and those too long for one."""
    lines = [line for line in fields if _is_short(line)][:MAX_LINES]
    return lines, [line for line in fields if line not in lines]


def _is_short(line: FieldLine) -> bool:
    return 0 < len(line.label) <= MAX_KEYNAME and len(line.value) <= MAX_VALUE


def things_named(text: str) -> Iterator[str]:
    """The things a quoted card may be about, by the marks on it: #42 an order, c7 a chat, p3 a product, k1 a keep.

    In the order they stand there: a card's title names its own thing, its lines name others. A conversation is meant
    by its own card alone, for what is said in reply to that goes to a buyer: a list of them, or talk of one, is none.
    """
    title = text.strip().partition("\n")[0].strip("*")
    for found in _THING.finditer(text):
        if found[1] != "c" or found[0] in title.split(SEPARATOR)[1:-1]:
            yield f"{_ENTITIES[found[1]]}:{found[2]}"
