"""The outbox: rows become values here."""

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import orjson

from core.clock import from_ms
from core.store.db import Reader, SqlValue, Tx
from core.store.rows import at, ms
from core.store.vault import Vault
from core.values.effects import Effect, EffectKind, EffectState
from core.values.ids import AccountId, ChatId, OrderId, OutboxId


class Due(NamedTuple):
    """What is needed to choose among effects that are due; the rest is read when one is taken."""

    id: int
    account: str
    kind: EffectKind
    state: EffectState
    words: bool = False
    """Whether somebody in a conversation waits for it."""


def find(tx: Tx, outbox_id: int) -> Effect | None:
    """One effect."""
    row = tx.one("outbox.find", id=outbox_id)
    return effect_of(row, tx.vault) if row else None


async def list_due(
    reader: Reader,
    now_ms: int,
    acts: int,
    questions: int,
    *,
    kept: Sequence[str] = (),
    full: Sequence[str] = (),
    resting: Sequence[str] = (),
) -> list[Due]:
    """What may be done now, oldest first: so many acts (when there are more, so many words and so many others), then
    so many questions.

    Nothing written of `kept` accounts, only texts of `resting` ones, and nothing at all of `full` ones.
    """
    names: dict[str, SqlValue] = {"now": now_ms, "full": _names(full), "resting": _names(resting)}
    may: dict[str, SqlValue] = {**names, "most": acts, "kept": _names(kept)}
    done, asked = await asyncio.gather(
        reader.all("outbox.due_acts", words=None, **may), reader.all("outbox.due_questions", **names, most=questions)
    )
    if len(done) == acts:  # one line may hide the other
        done = [row for words in (True, False) for row in await reader.all("outbox.due_acts", words=words, **may)]
    return [*(_due(row, words=bool(row["words"])) for row in done), *(_due(row, words=False) for row in asked)]


def _due(row: sqlite3.Row, *, words: bool) -> Due:
    return Due(row["id"], row["account"], EffectKind(row["kind"]), EffectState(row["state"]), words)


def _names(accounts: Sequence[str]) -> str:
    return orjson.dumps(accounts).decode()


def claim(tx: Tx, due: Due, run: str, lease_until: datetime, now: datetime) -> Effect | None:
    """Take an effect, in this run's name; None when it is no longer there to be taken."""
    row = tx.one(
        "outbox.claim",
        id=due.id,
        state=due.state.value,
        trying=due.state is EffectState.waiting,
        run=run,
        lease_until=ms(lease_until),
        now=ms(now),
    )
    return effect_of(row, tx.vault) if row else None


def effect_of(row: sqlite3.Row, vault: Vault) -> Effect:
    """A row of outbox.find or outbox.claim."""
    return Effect(
        id=OutboxId(row["id"]),
        account_id=AccountId(row["account_id"]),
        account=row["account"],
        kind=EffectKind(row["kind"]),
        key=row["key"],
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        chat_id=ChatId(row["chat_id"]) if row["chat_id"] else None,
        body=vault.text(row["body"]) if row["body"] is not None else "",
        state=EffectState(row["state"]),
        attempts=row["attempts"],
        asked=row["asked"],
        tried_at=at(row["tried_at"]),
        created_at=from_ms(row["created_at"]),
    )
