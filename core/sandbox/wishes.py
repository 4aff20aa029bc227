"""What the control API is asked, checked before it is done."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.sandbox.things import Json


class Wish(BaseModel):
    """A request to the pretend world; an unknown field is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NewAccount(Wish):
    """A seller joins."""

    name: str
    unb: str | None = None
    merchant: bool = False


class NewSku(Wish):
    """A choice of an item, such as `颜色:红色`."""

    spec: str
    price_fen: int


class NewItem(Wish):
    """Something goes on sale."""

    account: str = "shop"
    item_id: str | None = None
    title: str
    price_fen: Annotated[int, Field(ge=0)]
    postage_fen: Annotated[int, Field(ge=0)] = 0
    virtual: bool
    quantity: int = 1
    desc: str = ""
    skus: tuple[NewSku, ...] = ()


class NewBuyer(Wish):
    """A buyer comes."""

    buyer_id: str | None = None
    nick: str | None = None


class Talk(Wish):
    """A buyer says a text, sends a picture, or shows an item (`card`). `operation`: in the base64 JSON family."""

    account: str = "shop"
    buyer_id: str
    item_id: str
    text: str | None = None
    image: str | None = None
    card: str | None = None
    operation: bool = False

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(part is not None for part in (self.text, self.image, self.card)) != 1:
            raise ValueError("give either text, image or card")
        return self


class PlaceOrder(Wish):
    """A buyer orders; without an amount the item's price counts. `bargain`: within a group bargain (小刀).

    `silent`: neither this nor the payment is told by a frame or in the chat.
    """

    account: str = "shop"
    buyer_id: str
    item_id: str
    quantity: Annotated[int, Field(ge=1)] = 1
    spec: str = ""
    amount_fen: int | None = None
    bargain: bool = False
    silent: bool = False


class OnOrder(Wish):
    """Something happens to an order. `show`: how a payment is shown; `by`: who cancels.

    A payment is a new card (variant A), an update (B), a changed card (D), a flattened notice (G), a card of the
    workbench with or without the order's number (H), or nothing beside summary and map (C).
    """

    order_id: str
    amount_fen: int | None = None
    show: Literal["card", "update", "change", "flat", "workbench", "workbench_unnamed", "nothing"] | None = None
    by: Literal["buyer", "seller", "timeout"] = "buyer"
    reason: str = "不想要了"
    """Why the money is wanted back."""
    tracking_no: str = ""
    company: str = ""


class TypeByHand(Wish):
    """The seller types in the app."""

    account: str = "shop"
    chat_id: str
    text: str


class InjectPush(Wish):
    """Any record or frame: decoded (string keys), base64 as captured, or a whole frame's JSON text."""

    account: str = "shop"
    record: Json | None = None
    raw: str | None = None
    frame: str | None = None
    biz_type: int = 40
    object_type: int = 40000

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(part is not None for part in (self.record, self.raw, self.frame)) != 1:
            raise ValueError("give exactly one of record, raw, frame")
        return self


class StartBurst(Wish):
    """Many pushes at once; what is not acknowledged within `wait_s` real seconds is given up."""

    account: str = "shop"
    kind: Literal["orders", "chats"]
    count: Annotated[int, Field(ge=1)]
    chats: Annotated[int, Field(ge=1)] = 50
    item_id: str | None = None
    in_flight: Annotated[int, Field(ge=1)] = 200
    wait_s: Annotated[float, Field(gt=0)] = 100


class ResetConnection(Wish):
    """A seller's sockets break."""

    account: str = "shop"
    how: Literal["close", "half_close", "kickout"]


class Timing(Wish):
    """How long the world waits for an acknowledgement before it pushes again, in real seconds.

    `session_s`: how long the cookies of the next login by code say they last.
    """

    redeliver_s: Annotated[float, Field(gt=0)] | None = None
    session_s: Annotated[int, Field(ge=0)] | None = None


class ScanCode(Wish):
    """A phone logged in as `account` scans a login code; without `code` the newest one."""

    account: str = "shop"
    code: str | None = None


class OnCode(Wish):
    """The person at the phone allows the login, does not, or shows their face.

    `check`: a second factor is asked; `at_once`: the cookies come with the answer, without a token.
    """

    code: str | None = None
    check: bool = False
    at_once: bool = False
