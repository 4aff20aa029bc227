"""Fresh identifiers in the platform's own shapes, decided by a seed."""

import random


class Ids:
    """Hands out identifiers that never repeat; the same seed hands out the same ones, each kind in its own row.

    So the third order has the same id in every run of a seed, however many tokens were asked for meanwhile.

    Orders have 19 digits and do not fit in a float; chats 11; messages `<13 digits>.PNM` beside a 32-digit hex id.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._dice: dict[str, random.Random] = {}
        self._last = {
            "order": 5127638256187075541,
            "chat": 63481077001,
            "pnm": 4066988850289,
            "buyer": 2262916442603,
            "item": 900052647001,
            "unb": 2200000000001,
            "mid": 0x8A990006,
            "refund": 280311427650001,
        }

    def _roll(self, kind: str) -> random.Random:
        return self._dice.setdefault(kind, random.Random(f"ids {self._seed} {kind}"))

    def _after(self, kind: str, stride: int) -> int:
        self._last[kind] += self._roll(kind).randint(1, stride)
        return self._last[kind]

    def order(self) -> str:
        """A new order id."""
        return str(self._after("order", 10**9))

    def refund(self) -> str:
        """A new refund id."""
        return str(self._after("refund", 10**6))

    def chat(self) -> str:
        """A new chat id, without its `@goofish`."""
        return str(self._after("chat", 9999))

    def pnm(self) -> str:
        """A new platform message id."""
        return f"{self._after('pnm', 10**6)}.PNM"

    def message(self) -> str:
        """A new business message id."""
        return f"{self._roll('message').getrandbits(128):032x}"

    def buyer(self) -> str:
        """A new buyer's user id."""
        return str(self._after("buyer", 9999))

    def unb(self) -> str:
        """A new seller's user id."""
        return str(self._after("unb", 9999))

    def item(self) -> str:
        """A new item id."""
        return str(self._after("item", 9999))

    def mid(self) -> str:
        """A new frame id of the server's kind, such as `8a990006 0`."""
        return f"{self._after('mid', 9):x} 0"

    def hex(self, digits: int) -> str:
        """Some hexadecimal digits, for secrets."""
        return f"{self._roll('secret').getrandbits(4 * digits):0{digits}x}"
