"""House rules of the memory: every statement fits the schema, words fit the enums, states have one writer."""

import ast
import re
import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from core.moves.daily import Count
from core.store import heartbeat, queries
from core.store.db import FILE, prepare
from core.values.chats import ChatMode, Sender
from core.values.effects import EffectKind, EffectState
from core.values.fulfilment import ApprovalState, ErrorClass, FulfilmentState, ShipMode
from core.values.keeps import KeepState
from core.values.logins import LoginState
from core.values.notices import NoticeKind, Urgency
from core.values.orders import OrderState, RefundState
from core.values.parcels import WaybillState
from core.values.people import ChatKind, Role
from core.values.products import KeyState, LedgerKind, ProductState
from core.values.telling import Level, Outcome
from core.values.views import DayNumbers

ROOT = Path(__file__).parents[2]

ENUMS: dict[tuple[str, str], type[StrEnum]] = {
    ("orders", "state"): OrderState,
    ("fulfilments", "state"): FulfilmentState,
    ("fulfilments", "mode"): ShipMode,
    ("fulfilments", "error_class"): ErrorClass,
    ("products", "mode"): ShipMode,
    ("products", "state"): ProductState,
    ("refunds", "state"): RefundState,
    ("approvals", "state"): ApprovalState,
    ("keeps", "state"): KeepState,
    ("ledger", "kind"): LedgerKind,
    ("card_keys", "state"): KeyState,
    ("waybills", "state"): WaybillState,
    ("outbox", "kind"): EffectKind,
    ("outbox", "state"): EffectState,
    ("logins", "state"): LoginState,
    ("notices", "urgency"): Urgency,
    ("notices", "outcome"): Outcome,
    ("loudness", "level"): Level,
    ("members", "role"): Role,
    ("rooms", "kind"): ChatKind,
    ("chats", "mode"): ChatMode,
    ("messages", "sender"): Sender,
}
"""Columns whose allowed words are an enum's members."""

FREE_WORDS = {
    ("accounts", "platform"): "one marketplace so far",
    ("accounts", "state"): "written by the flows, shown as it is",
    ("inbox", "source"): "two doors",
    ("inbox", "state"): "written in its own statements",
    ("messages", "kind"): "text and image",
    ("reservations", "state"): "written in its own statements",
    ("history", "machine"): "the two machines",
    ("notices", "state"): "written in its own statements",
    ("pauses", "scope"): "named in core/moves/pauses",
    ("mutes", "scope"): "named in core/rules/telling",
}
"""Columns with a CHECK list and no enum, and why."""

SMALL = {
    "heartbeat", "accounts", "members", "identities", "rooms", "binding_codes", "loudness", "calls",
    "quiet_hours", "topics", "mutes", "products", "listings", "pauses", "daily", "durations", "durations_of_account", "presence",
    "findings", "logins", "settings",
}  # fmt: skip
"""Tables a shop keeps small: reading them whole is fine."""

WHOLE = ("counted", "stock_sum", "key_twice", "scheduled_closed", "quarters", "totals")

SCANS = {
    "lists.ending": "a person typed the last digits of a number: one pass over one covering index",
    "lists.all": "walks newest first and stops at the page's end; only a text with few hits walks on",
    "lists.since": "the same",
    "lists.in_state": "a person typed part of a buyer's name: one pass over the buyers",
    "lists.of_account": "the same",
    "lists.in_shipping": "the same",
    "chats.by_nick": "a person typed part of a buyer's name",
    "buyers.named": "the same",
    "chats.latest": "walks back over the newest thousand messages",
    "stock.sold_since": "walks back from the newest movement to the week's first",
    "rooms.move_actions": "a group became another chat: once in its life",
    "rooms.move_notices": "the same, or it was unbound",
    "waybills.counts": "a person looks at the pool",
    **dict.fromkeys((f"books.{name}" for name in WHOLE), "whole check"),
}
"""Statements that may read a big table whole, and why."""

UNCALLED = {"outbox.live_of_order"}
"""Statements only the tests call: they look at what is under way."""

SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(TABLE|INDEX)\s)",
    re.IGNORECASE | re.DOTALL,
)
SQL_ROOMS = ("core/store/", "core/sandbox/", "bot/sandbox/")
"""Where SQL may stand; the pretend worlds keep their own record files."""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path, _ = prepare(tmp_path_factory.mktemp("house"))
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


def plan(schema: sqlite3.Connection, statement: str) -> list[str]:
    facts = dict.fromkeys(re.findall(r":([a-z_]+)", statement))
    return [row[3] for row in schema.execute(f"EXPLAIN QUERY PLAN {statement}", facts)]


@pytest.mark.parametrize("name", sorted(queries.load()))
def test_every_statement_fits_the_schema(schema: sqlite3.Connection, name: str) -> None:
    plan(schema, queries.load()[name])


@pytest.mark.parametrize("name", sorted(queries.load()))
def test_no_statement_reads_a_big_table_whole_without_a_reason(schema: sqlite3.Connection, name: str) -> None:
    statement = queries.load()[name]
    whole = sorted(scanned_whole(schema, statement))
    assert not whole or name in SCANS, f"{name} reads {whole} whole: give it an index, or a reason in SCANS"


def test_every_reason_is_still_needed(schema: sqlite3.Connection) -> None:
    unneeded = [name for name in SCANS if not scanned_whole(schema, queries.load()[name])]
    assert not unneeded


def scanned_whole(schema: sqlite3.Connection, statement: str) -> set[str]:
    """The big tables a statement goes through from end to end; a partial index holds only what is open."""
    names = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", statement)}
    partial = {row[0] for row in schema.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%INDEX%WHERE%'")}
    tables = {row[0] for row in schema.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    found = set()
    for step in plan(schema, statement):
        scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
        table = names.get(scan[1], scan[1]) if scan else ""
        if scan and table in tables - SMALL and scan[2] not in partial:
            found.add(table)
    return found


def test_a_statement_without_an_index_is_seen(schema: sqlite3.Connection) -> None:
    assert scanned_whole(schema, "SELECT o.id FROM orders AS o WHERE o.amount_fen = 5") == {"orders"}
    assert scanned_whole(schema, "SELECT id FROM orders WHERE id = 5") == set()


def check_lists(schema: sqlite3.Connection) -> dict[tuple[str, str], set[str]]:
    """The words each CHECK list of the schema allows, by table and column."""
    found = {}
    for table, sql in schema.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"):
        for column, words in re.findall(r"CHECK \((\w+) IN \(([^)]*)\)\)", sql):
            if "'" in words:
                found[table, column] = set(re.findall(r"'(\w+)'", words))
    return found


def test_the_words_of_every_check_are_those_of_its_enum(schema: sqlite3.Connection) -> None:
    lists = check_lists(schema)
    assert lists.keys() == ENUMS.keys() | FREE_WORDS.keys()
    wrong = {place: lists[place] for place, enum in ENUMS.items() if lists[place] != {one.value for one in enum}}
    assert not wrong


def test_the_numbers_of_a_day_are_what_is_counted() -> None:
    assert {count.value for count in Count} == set(DayNumbers.model_fields) - {"since", "until"}


def test_words_written_in_statements_are_words_of_the_enums() -> None:
    """A misspelt state in a WHERE finds nothing and nobody notices."""
    known = {word.value for enum in ENUMS.values() for word in enum} | {kind.value for kind in NoticeKind}
    for enum_like in ("waiting", "claimed", "done", "parked", "quarantined", "held", "sold", "released", "failed"):
        known.add(enum_like)
    wrong = {
        (name, word)
        for name, statement in queries.load().items()
        for words in re.findall(r"\bstate (?:!=|=|IN|NOT IN) \(?((?:'\w+'(?:, )?)+)", statement)
        for word in re.findall(r"'(\w+)'", words)
        if word not in known | {"new", "online", "offline", "login_expired", "challenged"}
    }
    assert not wrong


def writers(table: str, verb: str) -> list[str]:
    """The statements that write a table's state."""
    if verb == "INSERT":
        shape = re.compile(rf"INSERT\s+(OR\s+\w+\s+)?INTO\s+{table}\b", re.IGNORECASE)
        return [name for name, statement in queries.load().items() if shape.search(statement)]
    shape = re.compile(rf"UPDATE\s+{table}\s+SET\s(?P<set>.*?)(\bWHERE\b|$)", re.IGNORECASE | re.DOTALL)
    found = ((name, shape.search(statement)) for name, statement in queries.load().items())
    return [name for name, match in found if match and re.search(r"(^|[\s,])state\s*=", match["set"])]


@pytest.mark.parametrize("table", ["orders", "fulfilments", "keeps"])
def test_the_state_of_each_machine_has_one_insert_and_one_update(table: str) -> None:
    assert writers(table, "INSERT") == [f"{table}.insert"]
    assert writers(table, "UPDATE") == [f"{table}.move"]


@pytest.mark.parametrize("table", ["orders", "fulfilments", "history", "ledger", "acts"])
def test_what_happened_is_never_deleted(table: str) -> None:
    shape = re.compile(rf"DELETE\s+FROM\s+{table}\b|REPLACE\s+INTO\s+{table}\b", re.IGNORECASE)
    assert not [name for name, statement in queries.load().items() if shape.search(statement)]


@pytest.mark.parametrize("table", ["history", "ledger", "acts"])
def test_what_happened_is_never_changed(table: str) -> None:
    shape = re.compile(rf"UPDATE\s+{table}\s+SET", re.IGNORECASE)
    assert not [name for name, statement in queries.load().items() if shape.search(statement)]


def test_every_statement_says_what_it_is_for() -> None:
    silent = []
    for file in sorted((ROOT / "core/store").glob("*.sql")):
        for block in file.read_text("utf-8").split(queries.MARK)[1:]:
            name, _, rest = block.partition("\n")
            if not rest.startswith("-- "):
                silent.append(f"{file.stem}.{name.strip()}")
    assert not silent


def literals(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_sql_stands_in_the_store_alone() -> None:
    strange = [
        f"{place}:{line}"
        for folder in ("core", "bot")
        for file in sorted((ROOT / folder).rglob("*.py"))
        if not (place := file.relative_to(ROOT).as_posix()).startswith(SQL_ROOMS)
        for line, text in literals(file)
        if SQL.match(text)
    ]
    assert not strange, f"only core/store speaks SQL: {strange}"


def test_the_store_keeps_its_sql_in_sql_files() -> None:
    strange = [
        f"{file.name}:{line}"
        for file in sorted((ROOT / "core/store").glob("*.py"))
        for line, text in literals(file)
        if SQL.match(text)
    ]
    assert not strange


def test_sql_in_a_string_would_be_seen(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text('A = "SELECT id FROM orders"\nB = f"UPDATE orders SET state = {A}"\nC = "select a product"\n')
    assert [line for line, text in literals(file) if SQL.match(text)] == [1, 2]


def test_every_statement_is_called() -> None:
    """By its whole name; health and books are called by the names in their lists."""
    called = {
        text for folder in ("core", "bot") for file in (ROOT / folder).rglob("*.py") for _, text in literals(file)
    }
    from core.store.books import CHECKS

    called |= {f"books.{check.name}" for check in CHECKS}
    called |= {f"books.{name}" for name in ("integrity", "edges", "counted", "steps", "days", "quarters", "totals")}
    called |= {f"health.{name}" for name in ("notices", "outbox", "chats", "records", "unknown", "odd", "away")}
    unused = sorted(set(queries.load()) - called - UNCALLED)
    assert not unused, f"nobody calls {unused}: take them out"


def test_the_two_names_of_the_file_are_one() -> None:
    assert heartbeat.FILE == FILE


def test_migrations_are_numbered_one_after_the_other() -> None:
    numbers = sorted(path.name[:4] for path in (ROOT / "core/store/migrations").glob("*.sql"))
    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]
