"""What the shop tells its owner: references, never rendered text."""

from datetime import datetime
from enum import StrEnum

from core.values import Value
from core.values.ids import NoticeId


class Urgency(StrEnum):
    """How loudly a notice is shown."""

    quiet = "quiet"
    normal = "normal"
    urgent = "urgent"


class NoticeKind(StrEnum):
    """One kind a card. The entity named with it is where the card's facts are read from, at the moment of showing."""

    order_manual = "order_manual"
    """A paid order waits for the owner's hand (entity: order)."""
    order_unconfigured = "order_unconfigured"
    """The same because its item has no configuration; the card offers to configure it (entity: order)."""
    order_risky = "order_risky"
    """Approval asked (entity: order)."""
    approval_reminder = "approval_reminder"
    approval_escalated = "approval_escalated"
    approval_expired = "approval_expired"
    """Held because nobody answered (entity: order)."""
    order_short = "order_short"
    order_shipped = "order_shipped"
    order_failed = "order_failed"
    order_unknown = "order_unknown"
    """待核实: the evidence with the choices (entity: order)."""
    order_cancelled = "order_cancelled"
    order_refunding = "order_refunding"
    order_back_from_refund = "order_back_from_refund"
    refusal_done = "refusal_done"
    """The platform took our no to a refund request (entity: order)."""
    refusal_failed = "refusal_failed"
    """It did not, with its words (entity: order)."""
    refusal_unknown = "refusal_unknown"
    """Whether it did is not known (entity: order)."""
    order_conflict = "order_conflict"
    """The platform's word has no legal path from our state (entity: order)."""
    order_nameless = "order_nameless"
    """The platform told of an order and never said which (entity: inbox)."""
    order_unread = "order_unread"
    """The platform's list has an order whose record cannot be read (entity: unread, by the account; detail: number)."""
    manual_reminder = "manual_reminder"
    manual_escalated = "manual_escalated"
    first_connect = "first_connect"
    """Orders paid before the account's first connect (entity: account)."""
    stock_low = "stock_low"
    """(entity: product)"""
    stock_out = "stock_out"
    key_gone = "key_gone"
    """A card key was given to a buyer without the shop: it is void (entity: product; detail: the chat)."""
    keep_expired = "keep_expired"
    """Nobody came for what was kept: it is back on the shelf (entity: keep)."""
    waybills_low = "waybills_low"
    """Few numbers bought beforehand are left, or none (entity: waybills; detail: the carrier)."""
    items_new = "items_new"
    """Items on sale that nobody configured (entity: items, by the account; detail: their products)."""
    items_off = "items_off"
    """Items that are no longer on sale (entity: items, by the account; detail: their products)."""
    price_below_floor = "price_below_floor"
    """An item costs less on the platform than its floor (entity: product; detail: the price in 分)."""
    chat_handed_over = "chat_handed_over"
    """A buyer wants, or needs, a person (entity: chat)."""
    chat_takeover = "chat_takeover"
    """The owner typed in the app: automatic answers of that chat stopped (entity: chat)."""
    chat_takeover_ended = "chat_takeover_ended"
    guard_blocked = "guard_blocked"
    """A text was stopped before it reached a buyer (entity: chat)."""
    answer_refused = "answer_refused"
    """The platform refused a text to a buyer (entity: chat)."""
    answer_unknown = "answer_unknown"
    """Whether a text reached a buyer is not known (entity: chat)."""
    login_expired = "login_expired"
    """(entity: account)"""
    login_ending = "login_ending"
    """The login still works and will soon be over (entity: account)."""
    login_code = "login_code"
    """A code to be scanned, for the private room of whoever asked alone (entity: login)."""
    challenged = "challenged"
    line_trouble = "line_trouble"
    """An account's line is left alone for a while (entity: account; detail: silent or unstable)."""
    front_trouble = "front_trouble"
    """A chat platform does not serve this shop alone, or not at all (entity: shop; the detail names which trouble)."""
    backup_failed = "backup_failed"
    """The night's copy could not be made; the detail says why (entity: shop)."""
    model_down = "model_down"
    """(entity: shop)"""
    books_wrong = "books_wrong"
    """The standing check found a wrong row (entity: finding)."""
    quarantined = "quarantined"
    """Something arrived that could not be used (entity: inbox)."""
    paused = "paused"
    """(entity: pause; its detail is the chat where it was done, which has the answer already)"""
    restored = "restored"
    """The shop begins from a backup, with the emergency stop on (entity: pause)."""
    daily_report = "daily_report"
    """The day as numbers and a picture (entity: report, by its day's ordinal)."""
    ready = "ready"
    """The shop is up: what waited, how long it was away (entity: shop)."""
    goodbye = "goodbye"
    """The shop stops: what is left (entity: shop)."""
    config_changed = "config_changed"
    """The file was changed and holds from now on, as far as it can (entity: config, by the number of the change)."""
    config_wrong = "config_wrong"
    """The file was changed and cannot be used: the settings stay (entity: config)."""
    flood = "flood"
    """Many of one kind at a time, counted (entity: notices; detail: the kind)."""
    mute_over = "mute_over"
    """A mute ended: how many it counted (entity: mute)."""
    sample = "sample"
    """What an event looks and sounds like (entity: event; detail: the event)."""
    said = "said"
    """The marketplace took the owner's words: a sign on their message (entity: reply; detail: the message)."""
    redraw = "redraw"
    """A card shown before must follow its thing (entity: as shown)."""


class Notice(Value):
    """One thing to tell. `count` grows when the same thing repeats before it was shown ("×14")."""

    id: NoticeId
    kind: NoticeKind
    urgency: Urgency
    entity: str
    entity_id: int
    version: int
    count: int = 1
    chat: str | None = None
    """The chat it is meant for; None means the shop's first chat."""
    detail: str = ""
    """A short fact that stands in no other row: an error's words, a wrong row's name."""
    maybe_again: bool = False
    """可能重复: an earlier try may have arrived."""
    created_at: datetime
