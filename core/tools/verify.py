"""`zhanggui verify`: the books and every invariant of the laws over the file, without a running shop."""

from pathlib import Path
from zoneinfo import ZoneInfo

from core.errors import BadConfig
from core.store import books
from core.store.db import FILE
from core.values import Value
from core.values.findings import Finding


class Verdict(Value):
    """What a whole check found: each first wrong row, and how many rows of which table it looked at."""

    findings: tuple[Finding, ...]
    rows: dict[str, int]

    @property
    def is_right(self) -> bool:
        """Whether every law is kept."""
        return not self.findings


def verify(data_dir: Path, zone: ZoneInfo) -> Verdict:
    """Check the file of a data folder, row by row, as it stands now; `zone` decides the roll-ups' days.

    Only reads, also while the shop runs. Raises BadConfig when there is no file.
    """
    path = data_dir / FILE
    if not path.is_file():
        raise BadConfig(f"{path}: there is no shop here")
    findings = tuple(books.check_file(path, zone))
    torn = any(finding.check == "integrity" for finding in findings)
    return Verdict(findings=findings, rows={} if torn else books.count_rows(path))
