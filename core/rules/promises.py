"""Promises only the owner may make, and secrets of the shop (law 6)."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from core.rules.text import Folded, inside, squash, tight

_PROMISES = re.compile(
    "|".join(
        (
            r"包退换?|包换|包赔|包修|包售后|包过|包会|包成功|包邮|包正品|包真|保真|保正品|保证|承诺|担保(?!交易)|正品保障",
            r"假一[赔罚][\d一二三十百]*|[一二三四五六七八九十百\d]+倍赔|双倍赔?|赔偿|赔(?:你|您|给)",
            r"终身(?:质?保|售后|免费|维护|维修|有效|包换)?|永久(?:质?保|有效|售后|免费|维护)?|质保|保修|联保",
            r"全额退款?|无条件退|无理由(?:退换?)?|不满意就?(?:包|可以?|随时)?退|随时(?:可以?)?退|退差价|保价",
            r"(?:可以|支持|能|给|帮|为|同意|马上|立刻|会)(?:给|帮|为)?(?:你|您)?(?:办理|申请)?退(?:款|货|钱|换)",
            r"退(?:你|您|给你|给您)",
            r"(?:百分之?百|100)(?:正品|成功|有效|安全|没问题)|一定(?:能|会|成功|有效|发)",
            r"绝对(?:正品|有效|安全|没问题|不会|能|可以)",
            r"(?:免费|额外|再|另外|多)(?:送|赠|修|换|补发|重做)|赠送|送(?:你|您)(?:一|个|张|份|两)",
            r"买[一二三四五\d]送[一二三四五\d]|好评返现?|返现|晒图返",
            r"先(?:发货|用|收货|拿货)(?:后|再)(?:付款?|给钱)|先货后款",
            r"秒发|(?:马上|立[刻即])就?(?:给您|给你)?(?:发|寄)",
            r"(?:今[天晚]|明[天早]|当天|现在|后天)(?:一定|肯定|就|内|能|可以|必)?就?(?:给您|给你)?(?:能|会)?(?:发|寄|到)货?",
        )
    )
)
_NEGATED = re.compile(r"(?:不|没有|无法|不能|不支持|不提供|不接受|不可以|没法|暂不|不做|非|无|过)$")
_SECRETS = re.compile(
    r"底价|底线|成本价?|进货?价|拿货价|心理价|最低(?:能接受|接受)|floor|系统提示|提示词|prompt|指令是|我的指令|设定是"
    r"|(?:我是|作为|身为)(?:一个|一名)?(?:ai|人工智能|语言模型|大?模型|机器人|智能客服|智能助[手理])"
    r"|openai|chatgpt|gpt-?\d|deepseek|通义千问|文心一言|claude|llama"
)
_LOWEST = re.compile(r"(?:最低|底|不能低于|不低于|低于|不能再低|最少|至少|起)[^\d,。]{0,4}$")
_SHARED = 16
"""So many characters in a row out of the instructions are a leak."""


class Word(NamedTuple):
    """A span of the folded text; `kind` is promise or secret."""

    kind: str
    start: int
    end: int


def find_promises(folded: Folded, allowed: Sequence[str]) -> Iterator[Word]:
    """Promises that neither the owner's list nor the listing's own text makes."""
    bare = squash(folded)
    given = [tight(text) for text in allowed]
    for found in _PROMISES.finditer(bare.text):
        if not _is_negated(found) and not any(_states(text, found[0]) for text in given):
            yield Word("promise", *inside(folded, bare, *found.span()))


def find_secrets(folded: Folded, instructions: str, item_text: str = "") -> Iterator[Word]:
    """Words that give away the floor, the machine or its instructions; what is sold may be named (ChatGPT会员)."""
    bare, listing, shingles = squash(folded), tight(item_text), _shingles(instructions)
    for found in _SECRETS.finditer(bare.text):
        if found[0] not in listing:
            yield Word("secret", *inside(folded, bare, *found.span()))
    for at in range(len(bare.text) - _SHARED + 1):
        if bare.text[at : at + _SHARED] in shingles:
            yield Word("secret", *inside(folded, bare, at, at + _SHARED))
            return


@lru_cache(maxsize=64)
def _shingles(instructions: str) -> frozenset[str]:
    told = tight(instructions)
    return frozenset(told[at : at + _SHARED] for at in range(len(told) - _SHARED + 1))


def says_lowest(text: str, start: int) -> bool:
    """Whether the words before a price say that it is the lowest possible."""
    return bool(_LOWEST.search(text[max(0, start - 10) : start].rstrip("¥ ")))


def _is_negated(found: re.Match[str]) -> bool:
    return bool(_NEGATED.search(found.string[: found.start()]))


def _states(text: str, promise: str) -> bool:
    """Whether a text makes this promise itself, rather than denying it."""
    return any(not _is_negated(found) for found in re.finditer(re.escape(promise), text))
