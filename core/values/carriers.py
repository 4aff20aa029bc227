"""The parcel carriers: the one table of their codes, names, number forms and tracking pages.

`code` is the platform's cpCode. YTO stands in the one captured request (facts: Xianyu 2.2, one source); the others are
the codes of the same platform family's public list of logistics companies, where 极兔 goes by the code of the carrier
it took over (HTKY), and 京东 is the least certain. A code the platform does not take is refused by its ship call, and
the refusal is shown. The forms of numbers are those printed on parcels; none is official, so that a number of another
form is a question and never a refusal. The tracking pages are the carriers' own sites; a page that is known to take the
number bears it.
"""

from core.values import Value


class Carrier(Value):
    """A carrier: the platform's code, its names, the words people use (lower case), the forms of its numbers.

    `forms` are regular expressions of the whole number in capitals; `page` is where a parcel is tracked, `{number}` its
    place.
    """

    code: str
    zh: str
    en: str
    words: tuple[str, ...]
    forms: tuple[str, ...] = ()
    page: str = ""

    def name(self, locale: str) -> str:
        """Its name in a language."""
        return self.zh if locale == "zh" else self.en

    def page_of(self, number: str) -> str:
        """Where the parcel of a number is tracked; empty when the carrier has no known page."""
        return self.page.replace("{number}", number)


CARRIERS: tuple[Carrier, ...] = (
    Carrier(
        code="SF",
        zh="顺丰速运",
        en="SF Express",
        words=("顺丰", "順豐", "shunfeng", "sf express", "sfexpress"),
        forms=(r"SF\d{10,15}",),
        page="https://www.sf-express.com/chn/sc/waybill/waybill-detail/{number}",
    ),
    Carrier(
        code="YTO",
        zh="圆通速递",
        en="YTO Express",
        words=("圆通", "圓通", "yuantong"),
        forms=(r"YT\d{8,15}", r"[DEGV]\d{9}"),
        page="https://www.yto.net.cn",
    ),
    Carrier(
        code="ZTO",
        zh="中通快递",
        en="ZTO Express",
        words=("中通", "zhongtong"),
        forms=(r"ZTO\d{8,15}", r"7[3568]\d{10,13}"),
        page="https://www.zto.com/express/expressCheck.html?txtBill={number}",
    ),
    Carrier(
        code="STO",
        zh="申通快递",
        en="STO Express",
        words=("申通", "shentong"),
        forms=(r"STO\d{8,15}", r"77\d{11,13}", r"(?:268|368|588|688|888)\d{9,10}"),
        page="https://www.sto.cn",
    ),
    Carrier(
        code="YUNDA",
        zh="韵达快递",
        en="Yunda Express",
        words=("韵达", "韻達", "yunda"),
        forms=(r"YD\d{8,15}", r"(?:3[01]|4[3678])\d{11,13}"),
        page="https://www.yundaex.com",
    ),
    Carrier(
        code="HTKY",
        zh="极兔速递",
        en="J&T Express",
        words=("极兔", "極兔", "百世", "jitu", "j&t", "jt express"),
        forms=(r"JT\d{10,15}",),
        page="https://www.jtexpress.cn",
    ),
    Carrier(
        code="EMS",
        zh="邮政特快专递",
        en="EMS",
        words=("邮政ems", "邮政特快", "特快专递"),
        forms=(r"E[A-Z]\d{9}CN", r"1[01]\d{11}"),
        page="https://www.ems.com.cn/queryList?mailNum={number}",
    ),
    Carrier(
        code="POSTB",
        zh="邮政快递包裹",
        en="China Post parcel",
        words=("邮政", "郵政", "邮局", "youzheng", "china post"),
        forms=(r"9[5-9]\d{11}", r"[CPR][A-Z]\d{9}CN"),
        page="https://www.ems.com.cn/queryList?mailNum={number}",
    ),
    Carrier(
        code="JD",
        zh="京东快递",
        en="JD Logistics",
        words=("京东", "京東", "jingdong", "jdl"),
        forms=(r"JD[A-Z0-9]{10,16}",),
        page="https://www.jdl.com/orderSearch/?waybillCodes={number}",
    ),
    Carrier(
        code="DBKD",
        zh="德邦快递",
        en="Deppon Express",
        words=("德邦", "debang", "deppon", "dbl"),
        forms=(r"DPK\d{10,15}",),
        page="https://www.deppon.com",
    ),
    Carrier(code="UC", zh="优速快递", en="UC Express", words=("优速", "優速", "yousu")),
    Carrier(code="ZJS", zh="宅急送", en="ZJS Express", words=("宅急送", "zhaijisong")),
)
"""What people mostly ship with; any other carrier is chosen by its code."""
BY_CODE = {carrier.code: carrier for carrier in CARRIERS}


class Waybill(Value):
    """A number that was read somewhere, and the carriers it may be of, the likeliest first (codes)."""

    number: str
    carriers: tuple[str, ...] = ()


def name_of(code: str | None, locale: str) -> str:
    """A carrier's name by its code; words that are no known code stand as they were typed."""
    carrier = BY_CODE.get(code or "")
    return carrier.name(locale) if carrier is not None else code or ""
