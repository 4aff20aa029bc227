"""The model's experts: their prompts, what they are told, and how their words are read."""

import re
from collections.abc import Mapping, Sequence

from core.errors import BadConfig
from core.rules.bargain import counter_offer_fen
from core.rules.replies import Expert, is_on_sale, short_yuan
from core.rules.text import normalise
from core.values.chats import Said, Sender
from core.values.fulfilment import ShipMode
from core.values.products import Product

PROMPTS = ("classify", "price", "tech", "default")
"""Names of the prompt files: prompts/NAME.md, overridden by data_dir/prompts/NAME.md."""
PLACES = frozenset({"title", "price", "postage", "stock", "shipping", "facts", "offer", "round"})
"""The placeholders a prompt may hold."""
_MESSAGE_CHARS = 500
_HISTORY_CHARS = 12_000

Spoken = tuple[str, str]
"""Role (system, user, assistant) and text of one message for the model."""


def fill(prompt: str, facts: Mapping[str, str]) -> str:
    """A prompt with its {placeholders} replaced; BadConfig names one that does not exist."""
    strange = {name for name in re.findall(r"\{(\w+)\}", prompt) if name not in facts}
    if strange:
        raise BadConfig(f"a prompt names {{{min(strange)}}}; allowed: {', '.join(sorted(facts))}")
    return re.sub(r"\{(\w+)\}", lambda found: facts[found[1]], prompt)


def prompt_facts(product: Product | None, title: str, rounds: int) -> dict[str, str]:
    """What the placeholders stand for. The floor is not among them: a model cannot tell what it does not know."""
    unknown = "未知，不要猜测"
    facts = dict.fromkeys(PLACES, unknown) | {"title": normalise(title, 100) or unknown, "round": str(rounds + 1)}
    if product is None:
        return facts
    facts |= {"title": normalise(product.title or title, 100), "facts": normalise(product.facts, 3000) or "无"}
    facts["stock"] = "有货" if is_on_sale(product) else "暂时无货"
    if product.price_fen is not None:
        facts["price"] = f"{short_yuan(product.price_fen)}元"
        facts["offer"] = f"{short_yuan(counter_offer_fen(product.price_fen, product.floor_fen, rounds + 1))}元"
    if product.configured:
        facts |= _delivery(product)
    return facts


def _delivery(product: Product) -> dict[str, str]:
    if product.mode is ShipMode.virtual:
        return {"postage": "无需邮费", "shipping": "付款后自动发送" if product.auto_ship else "付款后尽快发送"}
    postage = f"{short_yuan(product.postage_fen)}元" if product.postage_fen else "包邮"
    return {"postage": postage, "shipping": f"付款后尽快安排，默认{product.carrier or '快递'}"}


def build_turns(prompt: str, history: Sequence[Said], burst: Sequence[Said], most: int) -> tuple[Spoken, ...]:
    """The prompt, up to `most` earlier messages, and the burst as one last message of the buyer.

    `prompt` is filled already. What the platform said is left out; neighbours of one side are joined.
    """
    told = {said.id for said in burst}
    earlier = [said for said in history if said.id not in told and said.sender is not Sender.platform]
    turns: list[Spoken] = []
    for said in _newest(earlier[-most:] if most else []):
        _join(turns, "user" if said.sender is Sender.buyer else "assistant", normalise(said.text, _MESSAGE_CHARS))
    for said in burst:
        _join(turns, "user", normalise(said.text, _MESSAGE_CHARS))
    return (("system", prompt), *turns)


def _newest(history: Sequence[Said]) -> Sequence[Said]:
    """The newest messages that fit into the model's attention."""
    left = _HISTORY_CHARS
    for at in range(len(history) - 1, -1, -1):
        left -= min(len(history[at].text), _MESSAGE_CHARS)
        if left < 0:
            return history[at + 1 :]
    return history


def _join(turns: list[Spoken], role: str, text: str) -> None:
    if not text:
        return
    if turns and turns[-1][0] == role:
        turns[-1] = (role, f"{turns[-1][1]}\n{text}")
    else:
        turns.append((role, text))


def temperature(expert: Expert, rounds: int) -> float:
    """How freely an expert speaks: the bargainer ever more freely, the others to the point."""
    return min(0.3 + 0.15 * rounds, 0.9) if expert is Expert.price else 0.3


_INTENTS = (
    (Expert.price, re.compile(r"price|bargain|议价|价格|砍价|还价")),
    (Expert.tech, re.compile(r"tech|技术|参数|使用")),
    (Expert.default, re.compile(r"default|general|other|其他|其它|一般|默认")),
)


def parse_intent(answer: str) -> Expert:
    """The expert a classifying answer names: the first named wins; nothing readable means the default one."""
    text = normalise(answer, 500).lower()
    named = [(found.start(), expert) for expert, words in _INTENTS if (found := words.search(text))]
    return min(named)[1] if named else Expert.default
