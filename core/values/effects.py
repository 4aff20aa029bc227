"""Effects on the world: rows of the outbox."""

from datetime import datetime
from enum import StrEnum

from core.values import Value
from core.values.ids import AccountId, ChatId, OrderId, OutboxId


class EffectKind(StrEnum):
    """What is done to, or asked of, the marketplace."""

    look_up = "look_up"
    """Read an order's record: what was paid, for what."""
    find_order = "find_order"
    """A status came without an order id: ask which order the chat is about."""
    confirm = "confirm"
    """Read the record just before the first effect of shipping (law 4)."""
    deliver = "deliver"
    """The text with the goods."""
    consign = "consign"
    """Tell the platform that goods without postage were delivered."""
    consign_parcel = "consign_parcel"
    """Tell the platform a parcel's number."""
    answer = "answer"
    """A text to a buyer in a conversation."""
    look_up_refund = "look_up_refund"
    """Read what a buyer wants back and why, and how it may be refused."""
    refuse_refund = "refuse_refund"
    """Say no to a refund request, with one of the platform's reasons."""


READS = frozenset({EffectKind.look_up, EffectKind.find_order, EffectKind.confirm, EffectKind.look_up_refund})
"""Effects that change nothing: they may be repeated blindly."""
REFUNDS = frozenset({EffectKind.look_up_refund, EffectKind.refuse_refund})
SHIPPING = frozenset({EffectKind.confirm, EffectKind.deliver, EffectKind.consign, EffectKind.consign_parcel})
"""What a shipment is made of: how it ends is how the fulfilment goes on."""
TEXTS = frozenset({EffectKind.deliver, EffectKind.answer})


class EffectState(StrEnum):
    """Where an effect stands."""

    waiting = "waiting"
    claimed = "claimed"
    """Being done, by one run, with a lease."""
    asking = "asking"
    """It may have happened: the platform is asked (law 3)."""
    done = "done"
    refused = "refused"
    """The platform said no: a business error, never retried."""
    failed = "failed"
    """Attempts used up."""
    unknown = "unknown"
    """待核实: a person must tell."""
    cancelled = "cancelled"


class Effect(Value):
    """One row of the outbox. `body` is the text, for texts and parcels."""

    id: OutboxId
    account_id: AccountId
    account: str
    kind: EffectKind
    key: str
    order_id: OrderId | None = None
    chat_id: ChatId | None = None
    body: str = ""
    state: EffectState
    attempts: int = 0
    asked: int = 0
    tried_at: datetime | None = None
    created_at: datetime
