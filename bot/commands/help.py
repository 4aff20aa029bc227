"""Help, menus and the README's list, all printed from the table."""

from bot.auth import allow, may
from bot.cards.card import Draft
from bot.cards.help import help_card, help_of
from bot.cards.pen import Pen
from bot.commands.command import Argument, Ask, Command, Table, optional
from bot.commands.readers import Choice, read_word
from bot.commands.words import fold
from bot.texts import Texts, load
from core.errors import NotFound
from core.values.people import Role

TOPICS = ("orders", "shipping", "approvals", "stock", "pauses", "chats", "notices", "people", "shop")
"""The groups of the help, in the order a day needs them."""


async def show_help(ask: Ask, word: str | None) -> Draft:
    """What this person may do, by topic; or one command with its example."""
    if word is None:
        allowed = [row for row in ask.table.rows if ask.member is None or may(ask.member, row.role)]
        groups = {topic: [(row.chinese, row.name) for row in allowed if row.topic == topic] for topic in TOPICS}
        return help_card(groups, ask.pen)
    row = ask.table.find(fold(word).removeprefix("/"))
    if row is None:
        raise NotFound("no_such_command", word=word)
    allow(ask.guest, row)
    return help_of(row.name, row.spellings, syntax(row, ask.pen), row.role, ask.pen)


def syntax(row: Command, pen: Pen) -> str:
    """How a row is typed: 发货 <单号> [快递] [快递单号]. What may be left out stands in square brackets."""
    latin = pen.texts.locale != "zh"
    words = (_slot(argument, pen, latin=latin) for argument in row.arguments)
    return " ".join((row.name if latin else row.chinese, *words))


def _slot(argument: Argument, pen: Pen, *, latin: bool) -> str:
    options = argument.read.options(latin=latin) if isinstance(argument.read, Choice) else ()
    inner = " | ".join(options) or pen.word("argument", argument.name)
    return f"[{inner}]" if argument.optional else f"<{inner}>"


def markdown(table: Table, locale: str = "zh") -> str:
    """The command list for the README."""
    texts = load(locale)
    head = [texts("help.table_head"), "|---|---|---|---|---|"]
    return "\n".join([*head, *(_line(row, texts) for row in table.rows)])


def _line(row: Command, texts: Texts) -> str:
    role = texts(f"role.{row.role}") if row.role else texts("role.anybody")
    words = " ".join(row.words)
    return f"| `/{row.name}` | {words} | {role} | {texts(f'help.{row.name}')} | `{texts(f'example.{row.name}')}` |"


ROWS = (
    Command(
        name="help",
        words=("帮助", "?"),
        topic="shop",
        role=Role.viewer,
        run=show_help,
        arguments=(optional("word", read_word),),
        in_menu=True,
    ),
)
