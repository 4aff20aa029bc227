"""A copy of the shop: what it is, what is not in it, and where the other copies lie."""

from bot.auth import Attachment
from bot.cards.card import Draft
from bot.cards.pen import Pen
from core.values.backups import Copy

KB, MB = 1000, 1_000_000


def backup_card(copy: Copy, pen: Pen) -> Draft:
    """The copy as a file, or how the host makes one that is too large for a chat."""
    sized = _sized(copy.size)
    facts = ((pen("label.size"), sized), (pen("label.sha"), copy.sha256[:16]))
    if copy.content is None:
        return Draft(entity="backup", title=pen("title.backup_large"), fields=facts, note=pen("note.backup_large"))
    here = copy.made_at.astimezone(pen.zone)
    return Draft(
        entity="backup",
        title=pen("title.backup", size=sized),
        fields=facts,
        note=pen("note.backup"),
        file=Attachment(name=f"zhanggui-{here:%Y%m%d-%H%M}.zip", content=copy.content),
    )


def _sized(size: int) -> str:
    """Bytes as people read them: a young shop's copy is no 0.0 MB."""
    return f"{size / MB:.1f} MB" if size >= MB else f"{max(1, round(size / KB))} KB"


def backup_in_private(pen: Pen) -> Draft:
    """A copy of the shop is no matter for a group."""
    return Draft(entity="backup", title=pen("title.backup_private"), note=pen("note.backup_private"))
