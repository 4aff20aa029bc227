"""A card on a terminal: plain lines for pipes, a panel for a screen. Buttons carry running numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.cards.card import Button, Card, Style
from bot.cards.qr import qr_lines
from core.values.notices import Urgency

if TYPE_CHECKING:
    from rich.panel import Panel
    from rich.text import Text

AGAIN = "↻"
"""Marks a card that stands further up and has changed."""
COLOURS = {Urgency.quiet: "bright_black", Urgency.normal: "cyan", Urgency.urgent: "red"}
STYLES = {Style.plain: "bold", Style.good: "bold green", Style.danger: "bold red"}

Numbered = Sequence[tuple[int, Button]]


def plain_lines(card: Card, buttons: Numbered, *, again: bool) -> str:
    """The card as lines, an empty one at its end."""
    title = f"{AGAIN} {card.title}" if again else card.title
    body = [f"{field.label}  {field.value}" for field in card.fields]
    note = [*([card.calling] if card.mentions else []), *card.note.splitlines()]
    drawn = ["", *qr_lines(card.code).splitlines(), ""] if card.code else []
    pressed = ["  ".join(f"[{number}] {button.verb}" for number, button in buttons)] if buttons else []
    file = [f"📎 {card.file.name}"] if card.file is not None else []
    return "\n".join((title, *(f"  {line}".rstrip() for line in (*body, *note, *drawn, *file, *pressed)), "", ""))


def panel(card: Card, buttons: Numbered, *, again: bool) -> "Panel":
    """The card as a panel; what stands in it is text, never markup."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    title = Text(f"{AGAIN} {card.title}" if again else card.title, style="bold")
    facts = [Text.assemble((f"{field.label}  ", "bright_black"), field.value) for field in card.fields]
    note = [Text(card.note, style="italic")] if card.note else []
    called = [Text(card.calling, style="bold")] if card.mentions else []
    drawn = [Text(qr_lines(card.code), no_wrap=True)] if card.code else []
    file = [Text(f"📎 {card.file.name}")] if card.file is not None else []
    pressed = [_press_line(buttons)] if buttons else []
    return Panel(
        Group(title, *facts, *called, *note, *drawn, *file, *pressed), border_style=COLOURS[card.urgency], expand=False
    )


def _press_line(buttons: Numbered) -> "Text":
    from rich.text import Text

    line = Text()
    for number, button in buttons:
        line.append(f"[{number}] ", "bright_black").append(f"{button.verb}   ", STYLES[button.style])
    return line
