"""The terminal front: its person is the owner. A card's buttons carry running numbers; typing one presses it."""

import asyncio
import logging
import os
import sys
import uuid
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.auth import Attachment, Request
from bot.cards.card import Button, Card, Place
from bot.desk import Desk
from bot.fronts.keyboard import Keyboard
from bot.fronts.paper import Numbered, panel, plain_lines
from bot.scans.scanning import is_picture
from core.errors import Transient
from core.values.notices import Urgency
from core.values.people import ChatKind

LOG = logging.getLogger("zhanggui.terminal")
WHO = "terminal:owner"
CHAT = "terminal"
REMEMBERED = 999
"""So many of the newest buttons can be pressed by number; older ones are typed as commands."""
LARGEST_FILE = 20_000_000
SILENT = ("product:", "board:")
"""Things that change with every sale: their cards, far above, are not printed again for it."""


class Terminal:
    """Shows cards on a stream and turns what is typed into requests."""

    name = "terminal"

    def __init__(
        self,
        now: Callable[[], datetime],
        out: TextIO | None = None,
        *,
        screen: bool = False,
        files: Path | None = None,
    ) -> None:
        """`files` is where the files of cards are put; without it they are only named."""
        self._now = now
        self._out = out
        self._screen = screen
        self._files = files
        self._born = uuid.uuid4().hex[:12]
        self._typed = 0
        self._pressed: str | None = None
        self._messages = 0
        self._last_number = 0
        self._seen: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._buttons: OrderedDict[int, tuple[str, Button]] = OrderedDict()

    async def answer(self, request: Request, card: Card, place: Place) -> str:
        """Print the answer; what turns a pressed card is marked."""
        if place is Place.same and request.reply_to is not None:
            await self.redraw(request.chat, request.reply_to, card)
            return request.reply_to
        return await self.send(request.chat, card)

    async def send(self, chat: str, card: Card, *, topic: str | None = None) -> str:  # noqa: ARG002 - one chat, one person
        """Print a card; the message's id is its number in this run."""
        self._messages += 1
        message = f"{self._born}.{self._messages}"
        self._print(await self._put_down(card), message, again=False)
        return message

    async def redraw(self, chat: str, message: str, card: Card) -> None:  # noqa: ARG002 - one chat
        """Print the card again, marked: what has scrolled by cannot be changed.

        Whole when its button was just pressed; else the newest card of a changed thing, its title and buttons alone,
        and of a product nothing.
        """
        newest, version = self._seen.get(card.ref, ("", 0))
        if message == self._pressed:
            self._pressed = None
            self._print(await self._put_down(card), message, again=True)
        elif message == newest and version != card.version and not card.ref.startswith(SILENT):
            self._print(card.model_copy(update={"fields": (), "note": ""}), message, again=True)

    async def run(self, desk: Desk, keyboard: Keyboard) -> None:
        """Read until there is no more to read."""
        async for entry in keyboard.entries():
            if not entry.strip():
                continue
            try:
                await desk.take(await self._request(entry))
            except Exception:
                LOG.exception("a line could not be taken")

    async def _request(self, entry: str) -> Request:
        self._typed += 1
        pressed = self._buttons.get(int(entry)) if entry.strip().isascii() and _is_number(entry) else None
        message, button = pressed if pressed is not None else (None, None)
        self._pressed = message
        words, attachment = (None, None) if button is not None else await asyncio.to_thread(_attach, entry)
        return Request(
            who=WHO,
            chat=CHAT,
            chat_kind=ChatKind.terminal,
            words=words,
            button=button.action if button is not None else None,
            reply_to=message,
            attachment=attachment,
            picture=attachment is not None and is_picture(attachment.content),
            sent_at=self._now(),
            update_id=f"{CHAT}:{self._born}:{self._typed}",
        )

    async def _put_down(self, card: Card) -> Card:
        """The card, its file written where the person finds it."""
        if card.file is None or self._files is None:
            return card
        try:
            path = await asyncio.to_thread(_save, self._files, card.file)
        except OSError as error:
            raise Transient("front_is_off") from error
        return card.model_copy(update={"file": card.file.model_copy(update={"name": str(path)})})

    def _print(self, card: Card, message: str, *, again: bool) -> None:
        try:
            self._write(card, self._number(card, message), again=again)
        except OSError as error:
            raise Transient("front_is_off") from error
        self._seen[card.ref] = (message, card.version)
        self._seen.move_to_end(card.ref)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    def _write(self, card: Card, numbered: Numbered, *, again: bool) -> None:
        if self._screen:
            self._panel(card, numbered, again=again)
            return
        out = self._out or sys.stdout
        out.write(plain_lines(card, numbered, again=again))
        out.flush()

    def _panel(self, card: Card, numbered: Numbered, *, again: bool) -> None:
        from rich.console import Console

        console = Console(file=self._out, force_terminal=True)
        console.print(panel(card, numbered, again=again))
        if card.urgency is Urgency.urgent and not again:
            console.bell()

    def _number(self, card: Card, message: str) -> Numbered:
        """Running numbers for the card's buttons; a card drawn again gets new ones, the old still press the old."""
        numbered = []
        for button in card.buttons:
            self._last_number += 1
            self._buttons[self._last_number] = (message, button)
            numbered.append((self._last_number, button))
        while len(self._buttons) > REMEMBERED:
            self._buttons.popitem(last=False)
        return numbered


def _save(folder: Path, file: Attachment) -> Path:
    """Write a file for its owner's eyes alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / Path(file.name).name
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(file.content)
    return path


def _is_number(entry: str) -> bool:
    return entry.strip().isdecimal() and len(entry.strip()) <= 9


def _attach(entry: str) -> tuple[str, Attachment | None]:
    """A last word `@path` that names a file attaches it."""
    words, _, last = entry.rpartition("@")
    path = Path(last.strip()).expanduser()
    if not words.strip() or not last.strip() or not _is_small_file(path):
        return entry, None
    return words.strip(), Attachment(name=path.name, content=path.read_bytes())


def _is_small_file(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size <= LARGEST_FILE
    except (OSError, ValueError):
        return False
