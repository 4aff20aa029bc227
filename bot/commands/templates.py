"""What the shop says to buyers by itself: looked at, written, switched; and the reminder to pay a person sends."""

from bot.cards.card import Draft
from bot.cards.orders import order_card
from bot.cards.templates import list_card, reminder_question, template_card, write_question
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import Source, choice, read_order, read_text
from bot.commands.sellers import maybe_part
from core.values.ids import OrderId
from core.values.people import Role
from core.values.templates import MAIN_SHOP, TemplateName

NAMES = {
    "催付": "unpaid", "缺货": "short", "拦截": "held", "人工": "manual", "待人工": "manual", "寄出": "parcel",
    **{name.value: name.value for name in TemplateName},
}  # fmt: skip
SWITCH = {"开": True, "打开": True, "on": True, "关": False, "关闭": False, "off": False}
BACK = frozenset({"默认", "default"})


async def read_own_shop(source: Source) -> str | None:
    """A shop whose own words are meant, by its name or one of its accounts'; else the word is left alone."""
    part = await maybe_part(source)
    if part is None:
        return None
    sellers = await source.engine.accounts.sellers()
    return next(row.shop for row in sellers.every if row.id in part.accounts)


async def preview_templates(ask: Ask, shop: str | None, template: str | None, text: str | None) -> Draft | None:
    """The new words as a buyer would read them; a switch needs no question."""
    if template is None or text is None or text.lower() in SWITCH:
        return None
    change = await ask.engine.templates.preview(TemplateName(template), _meant(text), shop or MAIN_SHOP)
    return write_question(change, ask.repeat, shop, ask.pen)


async def show_templates(ask: Ask, shop: str | None, template: str | None, text: str | None) -> Draft:
    """All texts, one, or one written or switched; of a shop of its own, or of all."""
    engine, whose = ask.engine.templates, shop or MAIN_SHOP
    if template is None:
        return list_card(await engine.list(whose), shop, ask.pen)
    name = TemplateName(template)
    if text is None:
        return template_card(await engine.show(name, whose), shop, ask.pen)
    if text.lower() in SWITCH:
        return template_card(await engine.switch(ask.actor, name, on=SWITCH[text.lower()], shop=whose), shop, ask.pen)
    return template_card(await engine.write(ask.actor, name, _meant(text), whose), shop, ask.pen, saved=True)


def _meant(text: str) -> str | None:
    return None if text.lower() in BACK else text


async def preview_remind(ask: Ask, order: OrderId) -> Draft | None:
    """What the buyer would be told."""
    text = await ask.engine.templates.preview_reminder(order)
    return reminder_question(await ask.engine.orders.show(order), text, ask.pen)


async def remind(ask: Ask, order: OrderId) -> Draft:
    """Remind the buyer to pay, once an order."""
    return order_card(await ask.engine.templates.remind(ask.actor, order), ask.pen)


ROWS = (
    Command(
        name="templates",
        words=("话术", "模板"),
        topic="chats",
        role=Role.owner,
        run=show_templates,
        preview=preview_templates,
        arguments=(
            optional("shop", read_own_shop),
            optional("template", choice(NAMES)),
            optional("text", read_text),
        ),
        mutating=True,
        looks=lambda values: values["text"] is None,
    ),
    Command(
        name="remind",
        words=("催付",),
        topic="chats",
        role=Role.operator,
        run=remind,
        preview=preview_remind,
        arguments=(required("order", read_order),),
        mutating=True,
    ),
)
