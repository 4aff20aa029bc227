"""One buyer, as the owner looks at them."""

from core.values import Value
from core.values.ids import ChatId
from core.values.money import Fen
from core.values.orders import Buyer
from core.values.views import OrderRow


class Talk(Value):
    """A conversation of a buyer; `human`: a person speaks in it."""

    id: ChatId
    account: str
    item_title: str = ""
    human: bool = False


class Dealings(Value):
    """What a buyer did here. `closed` counts what ended without a sale, `refunded` what was paid back."""

    completed: int = 0
    closed: int = 0
    refunded: int = 0
    paid_fen: Fen = Fen(0)
    refund_fen: Fen = Fen(0)


class BuyerView(Value):
    """A buyer with the figures, the newest orders and the conversations, those a person holds first."""

    buyer: Buyer
    dealings: Dealings
    orders: tuple[OrderRow, ...] = ()
    talks: tuple[Talk, ...] = ()
