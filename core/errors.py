"""The error tree of the shop.

ShopError
  Refused        say its text, do nothing else        NotAllowed NotFound IllegalMove OutOfStock BadArgument
  Transient      try again later (retry_after_s)      MarketDown (Resting) ModelDown Busy MaybeSent
  Unknown        it may have happened: find out first
  NeedsOwner     pause this work, tell the owner      LoginExpired Challenged OutOfCredit
  BadConfig      stop at start
anything else    a bug: logged with its traceback, the item set aside, the next one taken

The families are handled where a row must record them (flows/deliver, flows/decide) and at the desk.
"""

from collections.abc import Mapping
from typing import NamedTuple


class ShopError(Exception):
    """Everything the shop foresees. `key` names a text in bot/texts; `facts` are its placeholders."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key if not facts else f"{key} {facts}")
        self.key = key
        self.facts = facts


class Refused(ShopError):
    """The request is understood and not carried out: show its text, nothing else happens."""


class NotAllowed(Refused):
    """The person's role, or the chat, does not permit this."""


class NotFound(Refused):
    """No such order, product, chat or action."""


class IllegalMove(Refused):
    """The machine's table has no such move from the present state, or the version is no longer the one seen."""


class OutOfStock(Refused):
    """Fewer units are free than were asked for."""


class BadArgument(Refused):
    """The words of a command could not be read."""


class Transient(ShopError):
    """Nothing happened and it may work later; `retry_after_s` is the other side's wish, if it gave one."""

    def __init__(self, key: str, retry_after_s: float | None = None, **facts: object) -> None:
        super().__init__(key, **facts)
        self.retry_after_s = retry_after_s


class MarketDown(Transient):
    """The marketplace did not take the request (no connection, 5xx, throttled)."""


class Resting(MarketDown):
    """A circuit breaker is open: nothing was even asked, so it is no try."""


class ModelDown(Transient):
    """The language model did not answer in time or not usefully."""


class Busy(Transient):
    """A budget is used up for the moment."""


class MaybeSent(Transient):
    """A message to the owner's people got no answer: it may stand in the chat. Sent again it says so (law 3)."""


class Unknown(ShopError):
    """A write was sent and no answer came: it may have happened (law 3)."""


class NeedsOwner(ShopError):
    """Only a person can clear this; the account's calls stop until then."""


class LoginExpired(NeedsOwner):
    """The marketplace session is gone."""


class Challenged(NeedsOwner):
    """Risk control asks for a human (RGV587, slider); it is never solved by us."""


class OutOfCredit(NeedsOwner):
    """The model's account refuses for billing or key reasons."""


class Problem(NamedTuple):
    """What is wrong with a configuration, in parts, so that it can be said in any language.

    `why` names a text of [wrong] with its `facts`; `check` and `kind` (what is allowed, with `bounds` and `options`)
    name texts of [wrong_check] and [allowed].
    """

    why: str
    facts: Mapping[str, str]
    check: str = ""
    kind: str = ""
    bounds: tuple[tuple[str, str], ...] = ()
    options: tuple[str, ...] = ()


class BadConfig(ShopError):
    """The configuration cannot be used; the text names the key and what is allowed, `problem` the same in parts."""

    def __init__(self, text: str, problem: Problem | None = None) -> None:
        super().__init__(text)
        self.problem = problem
