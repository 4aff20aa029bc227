"""Orders as a table: UTF-8 with its mark, so that Excel opens it as it is, and nothing in it that Excel would run."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from bot.auth import Attachment
from bot.cards.card import Draft, Offer
from bot.cards.clean import clean, mask_nick, mask_phones
from bot.cards.pen import Pen
from core.values.carriers import name_of
from core.values.money import yuan_of_fen
from core.values.sellers import Part
from core.values.views import ExportRow

MARK = "\ufeff"
RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""How a cell begins that Excel, or a sheet that folds full-width signs, takes for a formula."""
COLUMNS = (
    "number", "account", "order_no", "created", "paid", "shipped", "closed", "state", "shipping", "goods", "spec",
    "quantity", "price", "amount", "refunded", "buyer", "carrier", "tracking",
)  # fmt: skip
LONGEST_CELL = 200
NOTES = {"orders": "note.export", "audit": "note.export_audit"}


def head(pen: Pen) -> bytes:
    """The mark and the line of column names."""
    return table_lines([[pen(f"column.{name}") for name in COLUMNS]], MARK)


def lines(rows: Sequence[ExportRow], pen: Pen) -> bytes:
    """So many lines of the table."""
    return table_lines([_cells(row, pen) for row in rows])


def table_lines(rows: Sequence[Sequence[str]], lead: str = "") -> bytes:
    """Rows as the bytes of a table."""
    out = io.StringIO(lead)
    out.seek(0, io.SEEK_END)
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def _cells(row: ExportRow, pen: Pen) -> list[str]:
    return [
        f"#{row.id}",
        safe(row.account),
        _digits(row.order_no),
        _time(row.created_at, pen),
        _time(row.paid_at, pen),
        _time(row.shipped_at, pen),
        _time(row.closed_at, pen),
        pen.word("order_state", row.state),
        pen.word("ship_state", row.ship_state) if row.ship_state else "",
        safe(row.title),
        safe(row.spec),
        str(row.quantity),
        _money(row.unit_price_fen),
        _money(row.amount_fen),
        _money(row.refund_fen),
        safe(mask_nick(row.nick)),
        safe(name_of(row.carrier, pen.texts.locale)),
        _digits(row.tracking_no),
    ]


def safe(text: str) -> str:
    """A cell of words from outside: clean, without phone numbers, and never a formula."""
    tidy = mask_phones(clean(text, LONGEST_CELL))
    return f"'{tidy}" if tidy.startswith(RUNS) else tidy


def _digits(number: str) -> str:
    """A long number with a tab behind it: Excel would round it to fifteen digits."""
    tidy = safe(number)
    return f"{tidy}\t" if tidy.isdigit() else tidy


def _money(fen: int | None) -> str:
    return "" if fen is None else yuan_of_fen(fen)


def _time(at: datetime | None, pen: Pen) -> str:
    return "" if at is None else whole_time(at, pen)


def whole_time(at: datetime, pen: Pen) -> str:
    """An instant with its date, in shop time."""
    return f"{at.astimezone(pen.zone):%Y-%m-%d %H:%M:%S}"


class Table(NamedTuple):
    """What was taken away: orders or acts, of which days (both ends included), of one part or of all."""

    what: str
    since: date
    until: date
    part: Part | None = None

    @property
    def file_name(self) -> str:
        """With the accounts' numbers: a shop's name may hold what no file's name may."""
        whose = "-".join(f"a{one}" for one in self.part.accounts) if self.part else ""
        return f"{'_'.join(filter(None, (self.what, whose, f'{self.since}', f'{self.until}')))}.csv"


def export_card(table: Table, count: int, content: bytes, pen: Pen) -> Draft:
    """The table with what is in it; without rows there is no file."""
    name = " ".join(filter(None, (pen.word("table", table.what), table.part.name if table.part else "")))
    facts = {"since": table.since, "until": table.until, "table": name}
    if not count:
        return Draft(entity="export", title=pen("title.export_none", **facts))
    return Draft(
        entity="export",
        title=pen("title.export", n=count, **facts),
        note=pen(NOTES[table.what]),
        file=Attachment(name=table.file_name, content=content),
    )


def private_card(words: str, pen: Pen) -> Draft:
    """A table of orders is no matter for a group: where to ask for it, and what is to be had here."""
    return Draft(
        entity="export",
        title=pen("title.export_private"),
        note=pen("note.export_private", words=words),
        offers=(
            Offer(label=pen("button.today"), words="stats today"),
            Offer(label=pen("button.30d"), words="stats 30d"),
            Offer(label=pen("button.orders"), words="orders"),
        ),
    )
