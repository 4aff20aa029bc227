"""Findings of the standing check: rows become values here."""

from core.store.db import Reader, Tx
from core.values.findings import Finding


def list_open(tx: Tx) -> dict[str, int]:
    """Row ids of what is still wrong, by its words."""
    return {row["row"]: row["id"] for row in tx.all("findings.open")}


def add(tx: Tx, finding: Finding, now_ms: int) -> int:
    """Keep a finding; its row id."""
    return tx.insert("findings.add", law=str(finding.law), row=str(finding), now=now_ms)


def fix(tx: Tx, finding_id: int, now_ms: int) -> None:
    """It is right again."""
    tx.run("findings.fix", id=finding_id, now=now_ms)


async def read(reader: Reader, finding_id: int) -> str:
    """A finding in words; empty when there is none."""
    row = await reader.one("findings.find", id=finding_id)
    return row["row"] if row else ""


async def first_open(reader: Reader) -> str:
    """The first wrong row that is still wrong, in words; empty when all is right."""
    row = await reader.one("findings.open")
    return row["row"] if row else ""
