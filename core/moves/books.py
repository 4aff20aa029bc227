"""What the standing check finds is kept and told once, and struck out when it is right again (law 7)."""

from collections.abc import Sequence

from core.moves import notices
from core.moves.cause import Cause
from core.store import findings
from core.store.db import Tx
from core.values.findings import Finding
from core.values.notices import NoticeKind


def keep_findings(tx: Tx, cause: Cause, found: Sequence[Finding]) -> int:
    """Keep what is wrong now, tell the owner of what is new, strike out what is right again; how many were new."""
    known = findings.list_open(tx)
    wrong = {str(finding): finding for finding in found}
    for words in known.keys() - wrong.keys():
        findings.fix(tx, known[words], cause.now_ms)
    new = [finding for words, finding in wrong.items() if words not in known]
    for finding in new:
        finding_id = findings.add(tx, finding, cause.now_ms)
        notices.tell(tx, cause, NoticeKind.books_wrong, "finding", finding_id, detail=str(finding))
    return len(new)
