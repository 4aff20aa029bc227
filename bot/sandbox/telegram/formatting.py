"""Telegram's HTML: the subset of tags, its complaints with byte offsets, and lengths in UTF-16 units."""

import re
from dataclasses import dataclass, field

from bot.sandbox.serving import Json
from bot.sandbox.telegram.refusal import Refusal, bad

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "span": "spoiler", "tg-spoiler": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
ESCAPES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ESCAPE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_PLAIN = re.compile(r"[^<&]+")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)\s*(=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
_COMMAND = re.compile(r"(?<![\w/@<])/\w{1,64}(?:@\w{3,32})?", re.ASCII)
_DROPPED = re.compile("[\r\u2028-\u202e]")
_BLANKED = re.compile("[\x00-\x09\x0b-\x1f]")


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class Formatted:
    """Text without its tags, and the entities over it."""

    text: str
    entities: list[Json] = field(default_factory=list)


def clean(text: str) -> str:
    """What Telegram does to any text first: no control characters, no direction overrides."""
    return _BLANKED.sub(" ", _DROPPED.sub("", text))


def read(source: str, parse_mode: str | None, entities: list[object] | None = None) -> Formatted:
    """A text as sent by a bot. Only HTML is played; Markdown is refused as an unknown mode would be."""
    source = clean(source)
    if parse_mode and parse_mode.lower() != "html":
        raise bad("unsupported parse_mode")
    found = _Reader(source).read() if parse_mode else Formatted(source, [_entity(one) for one in entities or []])
    trimmed = _trim(found)
    return Formatted(trimmed.text, with_commands(trimmed))


def _entity(wish: object) -> Json:
    if not isinstance(wish, dict) or not all(isinstance(wish.get(key), int) for key in ("offset", "length")):
        raise bad("can't parse MessageEntity")
    return wish


def with_commands(found: Formatted) -> list[Json]:
    """The entities with the commands Telegram finds by itself, outside of code."""
    taken = [(one["offset"], one["offset"] + one["length"]) for one in found.entities]
    commands = [
        {"type": "bot_command", "offset": units(found.text[: match.start()]), "length": units(match[0])}
        for match in _COMMAND.finditer(found.text)
    ]
    free = [one for one in commands if not any(a <= one["offset"] < b for a, b in taken)]
    return sorted([*found.entities, *free], key=lambda one: (one["offset"], -one["length"]))


def _trim(found: Formatted) -> Formatted:
    """Without blanks at the ends; entities are shifted, cut, or gone."""
    text = found.text.rstrip()
    lead = units(text) - units(text.lstrip())
    text = text.lstrip()
    kept = []
    for one in found.entities:
        start = max(0, one["offset"] - lead)
        end = min(units(text), one["offset"] + one["length"] - lead)
        if end > start:
            kept.append({**one, "offset": start, "length": end - start})
    return Formatted(text, kept)


@dataclass
class _Tag:
    name: str
    attributes: dict[str, str]
    offset: int


class _Reader:
    """One pass over the source; `at` is where it stands."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._out: list[str] = []
        self._units = 0
        self._open: list[_Tag] = []
        self._entities: list[Json] = []

    def read(self) -> Formatted:
        """All of it; Refusal when it does not parse."""
        while self._at < len(self._source):
            if plain := _PLAIN.match(self._source, self._at):
                self._put(plain[0], plain.end())
            elif self._source[self._at] == "&":
                self._escape()
            elif self._source.startswith("</", self._at):
                self._close()
            else:
                self._begin()
        if self._open:
            raise _unparsed(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        return Formatted("".join(self._out), sorted(self._entities, key=lambda one: (one["offset"], -one["length"])))

    def _put(self, text: str, end: int) -> None:
        self._out.append(text)
        self._units += units(text)
        self._at = end

    def _escape(self) -> None:
        match = _ESCAPE.match(self._source, self._at)
        if match is None:
            self._put("&", self._at + 1)
            return
        code = int(match[1]) if match[1] else int(match[2], 16) if match[2] else 0
        if code and (code > 0x10FFFF or 0xD800 <= code < 0xE000):
            self._put("&", self._at + 1)
        else:
            self._put(chr(code) if code else ESCAPES.get(match[3], match[0]), match.end())

    def _byte(self, at: int) -> int:
        return len(self._source[:at].encode())

    def _begin(self) -> None:
        start = self._at
        name = _NAME.match(self._source, start + 1)
        assert name is not None
        if name.end() == len(self._source):
            raise _unparsed(f"Unclosed start tag at byte offset {self._byte(start)}")
        tag = name[0].lower()
        if tag not in TAGS:
            raise _unparsed(f'Unsupported start tag "{tag}" at byte offset {self._byte(start)}')
        attributes = self._attributes(tag, start, name.end())
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(start)}')
        self._open.append(_Tag(tag, attributes, self._units))

    def _attributes(self, tag: str, start: int, at: int) -> dict[str, str]:
        """The attributes up to the closing bracket, and the place after it."""
        found: dict[str, str] = {}
        while not (rest := self._source[at:].lstrip()).startswith(">"):
            match = _ATTRIBUTE.match(self._source, at)
            if not rest or match is None or (match[2] is None and "=" in self._source[match.end() : match.end() + 1]):
                raise _unparsed(f'Unclosed start tag "{tag}" at byte offset {self._byte(start)}')
            if match[2] is None and match[1].lower() != "expandable":
                where = f'of an attribute of the tag "{tag}" at byte offset {self._byte(start)}'
                raise _unparsed(f"Expected equal sign in declaration {where}")
            found[match[1].lower()] = next((one for one in match.groups()[2:] if one is not None), "")
            at = match.end()
        self._at = self._source.index(">", at) + 1
        return found

    def _close(self) -> None:
        where = f"at byte offset {self._byte(self._at)}"
        if not self._open:
            raise _unparsed(f"Unexpected end tag {where}")
        end = self._source.find(">", self._at)
        if end < 0:
            raise _unparsed(f"Unclosed end tag {where}")
        name, tag = self._source[self._at + 2 : end].strip().lower(), self._open.pop()
        if name and name != tag.name:
            raise _unparsed(f'Unmatched end tag {where}, expected "</{tag.name}>", found "</{name}>"')
        self._at = end + 1
        if self._units > tag.offset:
            self._keep(tag)

    def _keep(self, tag: _Tag) -> None:
        entity: Json = {"type": TAGS[tag.name], "offset": tag.offset, "length": self._units - tag.offset}
        if tag.name == "a" and not (url := tag.attributes.get("href")):
            return
        if tag.name == "a":
            entity["url"] = url
        elif tag.name == "blockquote" and "expandable" in tag.attributes:
            entity["type"] = "expandable_blockquote"
        elif tag.name == "tg-emoji":
            entity["custom_emoji_id"] = tag.attributes.get("emoji-id", "")
        elif tag.name == "code" and self._open and self._open[-1].name == "pre":
            self._open[-1].attributes["language"] = tag.attributes.get("class", "").removeprefix("language-")
            return
        if tag.name == "pre" and tag.attributes.get("language"):
            entity["language"] = tag.attributes["language"]
        self._entities.append(entity)


def _unparsed(words: str) -> Refusal:
    return bad(f"can't parse entities: {words}")
