"""Ways out of the platform: contacts, links, payments beside it; in whatever spelling (law 6).

The platform punishes spelling variants as evasion, so a word broken by spaces, signs or look-alike letters counts as
the word. What the listing itself is about (QQ音乐会员) may be named, unless a word of contact stands beside it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from core.rules.numerals import DIGITS
from core.rules.text import Folded, inside, squash

_GAP = r"[^a-z0-9\u4e00-\u9fff]{0,3}"


class Way(NamedTuple):
    """A span of the folded text that leads away: `kind` is contact, link or payment."""

    kind: str
    start: int
    end: int


def _spread(word: str) -> str:
    """The letters of a word with anything but letters between them."""
    return _GAP.join(re.escape(letter) for letter in word)


_LATIN = re.compile(
    r"(?<![a-z])(?:"
    + "|".join(
        map(
            _spread,
            ("wechat", "weixin", "weixn", "weix", "wxid", "vxin", "wx", "vx", "qq", "telegram", "tg", "whatsapp"),
        )
    )
    + r")(?![a-z])|\+\s*(?:我\s*)?(?:[vwq](?![a-z])|[微薇徽威扣群])"
)
_CHINESE = re.compile(
    "|".join(
        (
            r"(?:微|薇|徽|溦|癓|维|唯|威|v|w)(?:信|芯|心x?)|[微薇]x|卫星号|[微薇vwq]号|绿泡泡?|绿色软件|小绿|wei信|飞信",
            r"扣扣|叩叩|抠抠|蔻蔻|(?:秋秋|球球|企鹅|口口)号|q群|扣群",
            r"(?:加|家|伽|佳|嘉|jia)[微薇徽威]|加我(?!们)|私我|私加|(?:扣|滴|dd|q)我|我的?[vwq]是|加(?:我|个|你|您|一下|下)?的?(?:[vwq徽微薇威]|好友|联系|群|小号)|[进拉入]群|群号|联系方式|手机号|电话号",
            r"[打加留](?:个|我|你|您)?的?电话|电话联系|钉钉|飞书|抖音号|快手号|小红书号|微博私信|电报群?|纸飞机",
        )
    )
)
_ADDRESS = re.compile(
    r"@|(?:\.|点|dot)\s*(?:com|cn|net|org)(?![a-z])|[a-z0-9._+-]+\s*(?:\(at\)|\[at\]|艾特|圈a)\s*[a-z0-9-]+|https?:|www\s*\."
    r"|(?<![a-z0-9])[a-z0-9-]{2,}\s*(?:\.|点|。|dot)\s*"
    r"(?:com|cn|net|org|top|xyz|vip|cc|io|me|shop|site|club|link|app|co|tv|info|ltd|ly|gg|fun|online|store)(?![a-z])"
)
_CODE = re.compile(
    r"[¥$€₤《(/][a-z0-9]{8,}[¥$€₤》)/]|口令|复制[这此本]|打开.{0,6}(?:app|淘宝|浏览器)|网盘|夸克|百度云|提取码"
)
_PAYMENT = re.compile(
    r"[支之芝知]付宝|zhi付宝|支fu宝|zhifubao|zfb|alipay|转[账帐]|转zhang|zhuanzhang|银行卡|打款|汇款|线下|当面付|当面交易|见面付"
    r"|货到付款|扫码付|收款码|付款码|收钱码|二维码|红包|hong包|hongbao|转(?:给)?我|打给我|打到?我?卡|付(?:给)?我(?!们)|现金|到店付|[闲咸]鱼外|私下|私转|走私|不走平台"
    r"|绕过平台|平台外|站外|脱离平台|场外|[付交]定金|paypal|usdt"
)
_TALK = re.compile(r"[加号私群聊找付转打+]|联系|收款")
_BESIDE = 4
"""How near a word of contact makes the name of a product a contact."""
_LONG_NUMBER = 7
"""So many digits in a row are a phone, a QQ number or an account, unless the shop itself gave the number."""


def find_ways(folded: Folded, item_text: str, known: tuple[str, ...] = ()) -> Iterator[Way]:
    """Contacts, links and payments in a text. `item_text` is the listing, squashed and folded."""
    tight = squash(folded)
    for kind, pattern in (("contact", _CHINESE), ("payment", _PAYMENT), ("link", _CODE)):
        for found in pattern.finditer(tight.text):
            if not _is_product_word(found, item_text):
                yield Way(kind, *inside(folded, tight, *found.span()))
    for kind, pattern in (("contact", _LATIN), ("link", _CODE)):
        for found in pattern.finditer(folded.text):
            if not _is_product_word(found, item_text):
                yield Way(kind, *found.span())
    for found in _ADDRESS.finditer(folded.text):
        yield Way("contact" if re.search(r"@|at|艾特|圈a", found[0]) else "link", *found.span())
    yield from _find_long_numbers(folded, known)


def _is_product_word(found: re.Match[str], item_text: str) -> bool:
    word = re.sub(r"[\W_]", "", found[0])
    if not word or word not in item_text:
        return False
    text, start, end = found.string, found.start(), found.end()
    return not _TALK.search(text[max(0, start - _BESIDE) : start] + "|" + text[end : end + _BESIDE])


_FIGURES = str.maketrans({char: str(digit) for char, digit in DIGITS.items()})
_RUN = re.compile(rf"\d(?:[\s\-_.·*()/|,~]{{0,3}}\d){{{_LONG_NUMBER - 1},}}")


def _find_long_numbers(folded: Folded, known: tuple[str, ...]) -> Iterator[Way]:
    given = [re.sub(r"\D", "", number) for number in known]
    for found in _RUN.finditer(folded.text.translate(_FIGURES)):
        digits = re.sub(r"\D", "", found[0])
        if not any(digits in number for number in given):
            yield Way("contact", *found.span())
