"""The shop's polite texts: what is said on which occasion, and a change as old → new."""

from collections.abc import Sequence

from bot.cards.card import Draft, Offer, Style
from bot.cards.clean import clip
from bot.cards.orders import buyer_words, goods
from bot.cards.pen import Pen
from core.values.sellers import SHOP_WORDS
from core.values.templates import Template, TemplateChange
from core.values.views import OrderView

SHOWN = 60


def _titled(title: str, shop: str | None) -> str:
    """Whose words they are, where a shop has its own."""
    return f"{title} · {shop}" if shop else title


def _words(shop: str | None, *more: str) -> str:
    return " ".join(("templates", *((f"{SHOP_WORDS[0]}{shop}",) if shop else ()), *more))


def list_card(templates: Sequence[Template], shop: str | None, pen: Pen) -> Draft:
    """Every occasion, whether it is spoken of, and how it begins."""
    return Draft(
        entity="templates",
        title=_titled(pen("title.templates"), shop),
        fields=tuple(
            (pen.word("template", one.name), f"{_on(one, pen)} · {clip(one.text, SHOWN)}") for one in templates
        ),
        note=pen("note.templates"),
        offers=tuple(Offer(label=pen.word("template", one.name), words=_words(shop, one.name)) for one in templates),
    )


def template_card(template: Template, shop: str | None, pen: Pen, *, saved: bool = False) -> Draft:
    """One text, when it is said, and how it is changed."""
    name = template.name
    switch = ("template_off", "off") if template.on else ("template_on", "on")
    back = (Offer(label=pen("button.template_back"), words=_words(shop, name, "default")),) if template.changed else ()
    return Draft(
        entity="templates",
        title=_titled(
            pen("title.template_saved" if saved else "title.template", name=pen.word("template", name)), shop
        ),
        fields=((pen("label.switch"), _on(template, pen)), (pen("label.text"), template.text)),
        note="\n".join((pen(f"occasion.{name}"), pen("note.template", name=pen.word("template", name)))),
        offers=(
            Offer(label=pen(f"button.{switch[0]}"), words=_words(shop, name, switch[1])),
            *back,
            Offer(label=pen("button.templates"), words=_words(shop)),
        ),
    )


def _on(template: Template, pen: Pen) -> str:
    return pen("template_switch.on" if template.on else "template_switch.off")


def write_question(change: TemplateChange, words: str, shop: str | None, pen: Pen) -> Draft:
    """The words before and after, as a buyer of an example would read them. `words` name the stored request."""
    name = change.after.name
    return Draft(
        entity="templates",
        title=_titled(pen("title.template_change", name=pen.word("template", name)), shop),
        fields=(
            (pen("label.before"), change.before.text),
            (pen("label.after"), change.after.text),
            (pen("label.sample"), change.sample),
        ),
        note="" if change.after.on else pen("note.template_is_off"),
        offers=(
            Offer(label=pen("button.save"), words=words, style=Style.good, confirms=True),
            Offer(label=pen("button.no"), words=_words(shop, name)),
        ),
    )


def reminder_question(view: OrderView, text: str, pen: Pen) -> Draft:
    """What the buyer of an unpaid order would be told."""
    number = view.order.id
    return Draft(
        entity="order",
        entity_id=number,
        version=view.version,
        title=pen("title.remind", id=number),
        fields=(
            (pen("label.goods"), goods(view.order.lines, pen)),
            (pen("label.amount"), pen.money(view.order.amount_fen)),
            (pen("label.buyer"), buyer_words(view, pen)),
            (pen("label.text"), text),
        ),
        note=pen("note.remind"),
        offers=(
            Offer(label=pen("button.remind_sure"), words=f"remind #{number}", style=Style.good, confirms=True),
            Offer(label=pen("button.no"), words=f"order #{number}"),
        ),
    )
