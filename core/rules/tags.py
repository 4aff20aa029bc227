"""Tags of people: free words that an alert calls, so that whoever packs looks up, and not all of the group."""

import re
from collections.abc import Mapping

from core.errors import BadArgument
from core.rules.telling import OWN_WAY, event_of
from core.values.notices import NoticeKind

K = NoticeKind
MOST = 8
"""Tags a person has at most."""
LONGEST = 12
_TAG = re.compile(r"[^\W_][\w]*")
WAREHOUSE, SERVICE = ("仓库", "warehouse"), ("客服", "service")
CALLED: dict[NoticeKind, tuple[str, ...]] = {
    **dict.fromkeys((K.order_manual, K.manual_reminder, K.manual_escalated), WAREHOUSE),
    K.chat_handed_over: SERVICE,
}
"""Whom a kind of notice calls when nobody chose, by either word: nobody is called while nobody has the tag."""


def check_tag(word: str) -> str:
    """A tag as it was read; BadArgument("no_tag") when it is none: a short word of letters and digits."""
    if len(word) > LONGEST or not _TAG.fullmatch(word):
        raise BadArgument("no_tag", word=word, limit=LONGEST)
    return word


def tags_of(kind: NoticeKind, detail: str, chosen: Mapping[str, str]) -> tuple[str, ...]:
    """The tags a notice calls: chosen for its kind, else for its event, else the kind's own; empty: nobody."""
    if kind in OWN_WAY:
        return ()
    for word in (kind.value, event_of(kind, detail).value):
        if word in chosen:
            return (chosen[word],) if chosen[word] else ()
    return CALLED.get(kind, ())
