"""A message on its way, and what is taken from it when Telegram refuses it: pure."""

from dataclasses import dataclass, replace

from bot.fronts.telegram.faults import Reason
from bot.fronts.telegram.paint import Page


@dataclass(frozen=True)
class Letter:
    """A page with where it goes within a chat; `formatted` False sends the plain words."""

    page: Page
    topic: int | None = None
    reply_to: int | None = None
    formatted: bool = True

    @property
    def words(self) -> str:
        """What is written, as HTML or plain."""
        return self.page.html if self.formatted else self.page.plain


def repair(letter: Letter, reason: Reason) -> Letter | None:
    """The letter without what Telegram did not take; None when nothing is left to leave out.

    A message that is replied to may be gone, a topic closed, a picture unreadable, HTML refused: the words still go.
    """
    if reason is Reason.no_reply_target and letter.reply_to is not None:
        return replace(letter, reply_to=None)
    if reason is Reason.no_topic and letter.topic is not None:
        return replace(letter, topic=None, reply_to=None)
    if reason is Reason.bad_picture and letter.page.picture is not None:
        return replace(letter, page=replace(letter.page, picture=None))
    if reason in (Reason.bad_entities, Reason.other) and letter.formatted:
        return replace(letter, formatted=False)
    return None
