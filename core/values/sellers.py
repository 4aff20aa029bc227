"""Who sells: the accounts of this file, and the shops they belong to."""

import unicodedata
from datetime import datetime

from core.values import Value
from core.values.ids import AccountId

SHOP_WORDS = ("shop:", "店铺", "店")
"""What may stand before a shop's name; the first is how buttons say it."""


class Seller(Value):
    """An account with its shop."""

    id: AccountId
    name: str
    shop: str
    removed_at: datetime | None = None
    """Since when it stands in the configuration no more."""


class Part(Value):
    """What a person named: one account, or all of a shop. `word` names it again, without any doubt."""

    word: str
    name: str
    accounts: tuple[AccountId, ...]


class Sellers(Value):
    """Every account, by number. Nothing is named after the one there is where there is only one.

    `gone` are those that were removed from the configuration: they can be named, to look at what they sold, and are
    offered nowhere.
    """

    rows: tuple[Seller, ...] = ()
    gone: tuple[Seller, ...] = ()

    @property
    def every(self) -> tuple[Seller, ...]:
        """Those there are and those there were."""
        return (*self.rows, *self.gone)

    @property
    def are_several(self) -> bool:
        """Whether it must be said whose something is."""
        return len(self.rows) > 1

    @property
    def shops(self) -> tuple[str, ...]:
        """The shops, that of the first account first."""
        return tuple(dict.fromkeys(row.shop for row in self.rows))

    @property
    def accounts(self) -> tuple[Part, ...]:
        """Every account as what a person may name."""
        return tuple(map(_alone, self.rows))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every account, then every shop where there are several."""
        return self.accounts + (tuple(map(self._shop, self.shops)) if len(self.shops) > 1 else ())

    def name_of(self, account: str) -> str:
        """What an account is called on a card: with its shop where there are several; nothing where it is alone."""
        row = next((row for row in self.every if row.name == account), None)
        if row is None or (row in self.rows and not self.are_several):
            return ""
        return account if len(self.shops) == 1 or row.shop == account else f"{row.shop}·{account}"

    def list_named(self, word: str, *, begins: bool = False) -> tuple[Part, ...]:
        """What a word names: a2, an account's or shop's name, 店NAME or shop:NAME; with `begins` also how it begins.

        Two that are the same accounts are one.
        """
        plain = _fold(word)
        found = [part for part in self.parts if plain in (part.word, _fold(part.name))]
        found += [self._shop(shop) for shop in self.shops for sign in SHOP_WORDS if plain == f"{sign}{_fold(shop)}"]
        if not found and begins and plain:
            found = [part for part in self.parts if _fold(part.name).startswith(plain)]
        if not found:
            found = [part for part in map(_alone, self.gone) if plain in (part.word, _fold(part.name))]
        return tuple({part.accounts: part for part in reversed(found)}.values())[::-1]

    def _shop(self, shop: str) -> Part:
        accounts = tuple(row.id for row in self.rows if row.shop == shop)
        return Part(word=f"{SHOP_WORDS[0]}{shop}", name=shop, accounts=accounts)


def _alone(row: Seller) -> Part:
    return Part(word=f"a{row.id}", name=row.name, accounts=(row.id,))


def _fold(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()
