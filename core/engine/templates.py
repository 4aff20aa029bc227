"""The shop's polite texts: looked at, written, switched; and the reminder a person sends."""

from core.engine.context import Shop
from core.engine.orders import Orders
from core.moves import reminders
from core.moves import templates as moves
from core.rules import templates as rules
from core.store import orders, templates
from core.values.people import Actor
from core.values.templates import MAIN_SHOP, Template, TemplateChange, TemplateName
from core.values.views import OrderView


class Templates:
    """What the shop says to buyers by itself, an occasion a text."""

    def __init__(self, shop: Shop, orders: Orders) -> None:
        self._shop = shop
        self._orders = orders

    async def list(self, shop: str = MAIN_SHOP) -> tuple[Template, ...]:
        """Every occasion's text, as it stands."""
        return await templates.list_all(self._shop.store.people, shop)

    async def show(self, name: TemplateName, shop: str = MAIN_SHOP) -> Template:
        """One of them."""
        return next(one for one in await self.list(shop) if one.name is name)

    async def preview(self, name: TemplateName, text: str | None, shop: str = MAIN_SHOP) -> TemplateChange:
        """What a change would do; BadArgument says what a buyer must not be told."""
        before = await self.show(name, shop)
        after = rules.default_of(name).text if text is None else rules.check_text(name, text)
        changed = before.model_copy(update={"text": after, "changed": text is not None})
        return TemplateChange(before=before, after=changed, sample=rules.sample(after))

    async def write(self, actor: Actor, name: TemplateName, text: str | None, shop: str = MAIN_SHOP) -> Template:
        """The owner's words for an occasion; None goes back to the default."""
        cause = self._shop.cause(actor)
        return await self._shop.store.write(lambda tx: moves.write(tx, cause, shop, name, text))

    async def switch(self, actor: Actor, name: TemplateName, *, on: bool, shop: str = MAIN_SHOP) -> Template:
        """Whether an occasion's text is said."""
        cause = self._shop.cause(actor)
        return await self._shop.store.write(lambda tx: moves.switch(tx, cause, shop, name, on=on))

    async def preview_reminder(self, order_id: int) -> str:
        """What the buyer of an unpaid order would be told; Refused says why not."""
        order = await orders.read(self._shop.store.people, order_id)
        row = await self._shop.store.people.one("templates.shop_of_account", id=order.account_id)
        return rules.reminder_of(order, await self.show(TemplateName.unpaid, row["shop"] if row else MAIN_SHOP))

    async def remind(self, actor: Actor, order_id: int) -> OrderView:
        """催付: say it, once an order."""
        cause = self._shop.cause(actor)
        await self._shop.store.write(lambda tx: reminders.remind(tx, cause, order_id))
        return await self._orders.show(order_id)
