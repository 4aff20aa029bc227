"""The pen cards are written with: the reader's language, the shop's time, money as people write it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.texts import Texts
from core.values.money import yuan_of_fen
from core.values.sellers import Sellers

NOBODY = Sellers()


@dataclass(frozen=True)
class Pen:
    """Writes texts, times and money; `now` is the instant the card is made at."""

    texts: Texts
    zone: ZoneInfo
    now: datetime
    sellers: Sellers = NOBODY
    """Whose things the cards are about: named where there are several."""

    def __call__(self, key: str, /, **facts: object) -> str:
        """The text of a key."""
        return self.texts(key, **facts)

    def word(self, family: str, name: str) -> str:
        """The word for a member of a family ("state", "held"); the bare name when nobody gave it a word."""
        key = f"{family}.{name}"
        return self.texts(key) if self.texts.has(key) else name.replace("_", " ") if name.isascii() else name

    def any_word(self, name: str) -> str:
        """The word for a state, whichever family it is of."""
        families = ("ship_state", "order_state", "approval_state", "keep_state", "role")
        found = (family for family in families if self.texts.has(f"{family}.{name}"))
        return self.word(next(found, "state"), name)

    def money(self, fen: int | None) -> str:
        """¥ 1,234.50, or a dash when it is not known."""
        if fen is None:
            return "–"
        yuan, _, cents = yuan_of_fen(fen).partition(".")
        return f"¥ {int(yuan):,}.{cents}" if not yuan.startswith("-") else f"-¥ {int(yuan[1:]):,}.{cents}"

    def seller(self, account: str) -> str:
        """The account, with its shop where there are several; nothing where there is only one."""
        return self.sellers.name_of(account)

    def clock(self, at: datetime) -> str:
        """Shop time: 21:30 today, 11-22 21:30 another day."""
        there, here = at.astimezone(self.zone), self.now.astimezone(self.zone)
        return there.strftime("%H:%M" if there.date() == here.date() else "%m-%d %H:%M")

    def second(self, at: datetime) -> str:
        """Shop time to the second: who was first matters."""
        there, here = at.astimezone(self.zone), self.now.astimezone(self.zone)
        return there.strftime("%H:%M:%S" if there.date() == here.date() else "%m-%d %H:%M:%S")

    def span(self, seconds: float) -> str:
        """A length in its largest fitting unit: 40 秒, 14 分钟, 3 小时, 2 天."""
        whole = max(0, round(seconds))
        if whole < 60:
            return self.texts("unit.seconds", n=whole)
        if whole < 120 * 60:
            return self.texts("unit.minutes", n=whole // 60)
        if whole < 48 * 3600:
            return self.texts("unit.hours", n=whole // 3600)
        return self.texts("unit.days", n=whole // 86400)

    def until(self, at: datetime) -> str:
        """How long until an instant; a dash of the past says it is over."""
        left = (at - self.now).total_seconds()
        return self.texts("unit.left", span=self.span(left)) if left > 0 else self.texts("unit.over")

    def ago(self, at: datetime) -> str:
        """How long since an instant."""
        past = (self.now - at).total_seconds()
        return self.texts("unit.ago", span=self.span(past)) if past >= 60 else self.texts("unit.just_now")
