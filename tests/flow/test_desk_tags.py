"""Tags: given and taken away in the chat, called by alerts, rung in each platform's own way."""

from pathlib import Path

import pytest

from bot.cards.card import Card, Draft, Mention
from bot.cards.seal import write
from bot.fronts.paper import plain_lines
from bot.fronts.telegram.paint import paint
from bot.fronts.wecom import paint as wecom
from bot.texts import load
from core.moves import notices
from core.values.notices import NoticeKind
from core.values.people import ChatKind, Role
from core.values.telling import Way
from tests import stockroom
from tests.counter import GROUP, OPERATOR, OWNER, STRANGER, Counter, open_counter, order

K = NoticeKind


async def tags(c: Counter, who: str) -> tuple[str, ...]:
    return (await c.engine.people.choose(who)).tags


async def test_tags_are_given_with_a_role_by_name_and_taken_away_again(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        card = await c.type("授权 张三 operator 仓库 客服")
        assert card is not None and "@仓库" in card.plain()
        assert await tags(c, OPERATOR) == ("仓库", "客服")
        member = await c.engine.people.find(OPERATOR)
        assert member is not None and (member.name, member.role) == ("张三", Role.operator)
        await c.type("授权 m2 操作 -客服")
        assert await tags(c, OPERATOR) == ("仓库",)
        await c.type("标签 m2 技术员 -仓库")
        assert await tags(c, OPERATOR) == ("技术员",)
        await c.type("标签 -技术员", reply_who=OPERATOR)
        assert await tags(c, OPERATOR) == ()
        await c.type("审计 张三")
        await c.type("审计")
        assert "标签" in c.last.card.fields[0].value and "技术员" in c.last.card.fields[0].value


async def test_somebody_new_comes_with_a_name_and_tags_and_a_name_can_be_changed(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.type("授权 5 操作 小 王 @仓库 +夜班")
        person = await c.engine.people.choose("dummy:5")
        assert (person.name, person.tags) == ("小 王", ("仓库", "夜班"))
        await c.type("授权 m4 查看 叫 王五")
        person = await c.engine.people.choose("dummy:5")
        assert (person.name, person.role, person.tags) == ("王五", Role.viewer, ("仓库", "夜班"))
        await c.type("授权 m4 店主 @客服")
        assert await tags(c, "dummy:5") == ("仓库", "夜班"), "an owner is asked about"
        await c.press("给店主身份")
        assert await tags(c, "dummy:5") == ("仓库", "夜班", "客服")


async def test_one_thumb_gives_and_takes_and_the_lists_show_it(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.type("成员")
        await c.press("m2")
        await c.press("标签")
        await c.press("＋ 仓库")
        assert await tags(c, OPERATOR) == ("仓库",)
        for words in ("成员", "成员 m2", "标签"):
            card = await c.type(words)
            assert card is not None and "@仓库" in card.plain() and "张三" in card.plain()
        assert "叫他们" in c.last.card.plain(), "which alerts call the tag"
        await c.type("标签 m2")
        await c.press("− 仓库")
        assert await tags(c, OPERATOR) == ()


BAD = [
    "标签 m2 <b>x</b>",
    "标签 m2 @" + "长" * 13,
    "标签 m2 @@all",
    "标签 m2 @",
    "标签 m2 a*b",
    "标签 m77 仓库",
]


@pytest.mark.parametrize("words", BAD)
async def test_what_is_no_tag_changes_nothing(tmp_path: Path, words: str) -> None:
    async with open_counter(tmp_path) as c:
        card = await c.type(words)
        assert card is not None and card.ref == "refused:0", card.plain()
        assert await tags(c, OPERATOR) == ()


async def test_nobody_has_a_hundred_tags(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.type("标签 m2 " + " ".join(f"t{n}" for n in range(9)))
        assert await tags(c, OPERATOR) == ()


async def test_who_is_shut_out_comes_back_without_tags(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.type("标签 m2 仓库")
        await c.engine.people.revoke(c.actor(), 2)
        assert await c.engine.tags.by_kind()
        await c.engine.people.grant(c.actor(), OPERATOR, Role.viewer)
        assert await tags(c, OPERATOR) == ()


async def told(c: Counter, kind: NoticeKind, number: int, **way: object) -> Card:
    """A notice of a kind about an order, shown in the group."""
    await c.store.write(lambda tx: notices.tell(tx, stockroom.cause(), kind, "order", number, once=c.asked))
    row = max(await c.store.people.all("notices.due", now=2**62, most=100), key=lambda row: int(row["id"]))
    await c.notices.show(row["id"], Way.model_validate({"chat": GROUP, **way}))
    return c.last.card


async def test_an_alert_calls_those_of_its_tag_and_nobody_while_nobody_has_it(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        number = await order(c)
        c.asked += 1
        assert (await told(c, K.order_manual, number)).mentions == (), "the control: the same alert, and nobody has it"
        await c.type("标签 m2 仓库")
        await c.type("标签 m3 仓库")
        card = await told(c, K.order_manual, number)
        assert [(one.who, one.name) for one in card.mentions] == [(OPERATOR, "张三"), ("dummy:3", "李四")]
        assert "📣 张三 李四" in card.plain()
        c.asked += 1
        assert (await told(c, K.order_shipped, number)).mentions == ()


async def test_the_english_word_is_called_as_well(tmp_path: Path) -> None:
    async with open_counter(tmp_path, locale="en") as c:
        number = await order(c)
        await c.type("tag m2 warehouse")
        assert len((await told(c, K.order_manual, number)).mentions) == 1
        card = await c.type("tag")
        assert card is not None and "@warehouse" in card.plain() and "@仓库" not in card.plain()


async def test_the_owner_chooses_whom_a_kind_or_an_event_calls(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type("标签 m2 夜班")
        await c.type("通知 order_shipped @夜班")
        assert "@夜班" in c.last.card.plain()
        assert len((await told(c, K.order_shipped, number)).mentions) == 1
        await c.type("通知 order_shipped @无")
        assert (await told(c, K.order_shipped, number)).mentions == ()
        await c.type("通知 订单 @夜班")
        assert len((await told(c, K.order_failed, number)).mentions) == 1
        await c.type("通知 order_manual @a<b")
        assert c.last.card.ref == "refused:0"


async def test_nobody_is_called_in_private_or_without_a_sound(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type("标签 m2 仓库")
        await c.engine.rooms.bind(OWNER, ChatKind.private)
        assert (await told(c, K.order_manual, number, silent=True)).mentions == ()
        c.asked += 1
        assert (await told(c, K.order_manual, number, chat=OWNER)).mentions == ()


async def test_a_name_of_another_platform_is_only_a_name(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type("授权 wecom:zhang as m2")
        await c.type("授权 wecom:li 操作 李仓 @仓库")
        await c.type("标签 m2 仓库")
        card = await told(c, K.order_manual, number)
        assert [(one.who, one.name) for one in card.mentions] == [(OPERATOR, "张三"), ("", "李仓")]


HOSTILE = [
    "</a><script>x</script>",
    "@all",
    "<@all>",
    "小王](http://x.cn)",
    "tg://user?id=1",
    "\u202e敌\u202c",
    "长" * 5000,
    "*_`~|",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_rings_for_its_bearer_and_is_nothing_but_words(name: str) -> None:
    texts = load("zh")
    tell = write(Draft(entity="x", title="t", mentions=(Mention("telegram:42", name), Mention("wecom:wang", name))))
    html = paint(tell, texts).html
    assert html.count("<a ") == html.count("</a>") == 1 and '<a href="tg://user?id=42">' in html
    assert "<script" not in html and "@all" not in html
    said = wecom.markdown(tell)
    assert said.count("<@") == 1 and "<@wang>" in said and "](" not in said
    assert len(plain_lines(tell, (), again=False)) < 200


@pytest.mark.parametrize(
    "who", ["wecom:all", "wecom:ALL", "wecom:a> <@all", "wecom:", "wecom:x y", 'telegram:1" onclick="', "telegram:-5"]
)
def test_an_id_that_is_no_persons_rings_for_nobody(who: str) -> None:
    card = write(Draft(entity="x", title="t", mentions=(Mention(who, "张三"),)))
    assert "<@" not in wecom.markdown(card) and "<a " not in paint(card, load("zh")).html
    assert "张三" in wecom.markdown(card) and "张三" in paint(card, load("zh")).html


def test_in_wecom_a_card_with_buttons_says_whom_it_calls_in_words_before_it() -> None:
    """A template card has no mentions."""
    from bot.cards.card import Button, Style

    button = Button("发货", Style.good, "a1")
    calling = write(Draft(entity="x", title="t", mentions=(Mention("wecom:wang", "王"),)), (button,))
    assert not wecom.paint(calling, "x-1-0@" + "0" * 24).fits
    assert wecom.paint(write(Draft(entity="x", title="t"), (button,)), "x-1-0@" + "0" * 24).fits, "the control"


async def test_a_member_of_a_lower_role_gives_no_tags(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        for who in (OPERATOR, STRANGER):
            await c.type("标签 m2 仓库", who)
        assert await tags(c, OPERATOR) == ()
