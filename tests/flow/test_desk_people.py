"""People at the counter: who they are, letting in, shutting out, a second id, languages, names."""

from pathlib import Path

import pytest

from core.values.people import ChatKind, Role
from tests.counter import (
    ALONE,
    GROUP,
    NAMES,
    OPERATOR,
    OWNER,
    STRANGER,
    VIEWER,
    open_counter,
    order,
    risky_order,
    role,
    text,
)


async def test_start_says_what_comes_next(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        said = text(await c.type("/start", STRANGER, **ALONE))
        assert f"授权 {STRANGER} 操作" in said
        said = text(await c.type("开始", OWNER, chat=OWNER, chat_kind=ChatKind.private))
        assert "店主" in said and "发到这里" in said
        assert [room.chat for room in await c.engine.rooms.list_private()] == [OWNER]
        await c.engine.rooms.unbind(c.actor(), GROUP)
        assert "拉进" in text(await c.type("开始", OWNER, chat=OWNER, chat_kind=ChatKind.private))
        assert "绑定码" in text(await c.type("开始", STRANGER, **ALONE))


async def test_whoami_gives_the_very_words_that_let_one_in(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        said = text(await c.type("我是谁", STRANGER, topic="17"))
        assert all(part in said for part in (STRANGER, GROUP, "17"))
        await c.type(said.splitlines()[-1])
        assert await role(c, STRANGER) is Role.operator
        assert "操作" in text(await c.type("whoami", STRANGER))


async def test_an_owner_lets_in_by_id_by_number_and_by_reply(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        assert "小王" in text(await c.type("授权 5 操作 小王"))
        assert await role(c, "dummy:5") is Role.operator
        await c.type("授权 m3 操作")
        assert await role(c, VIEWER) is Role.operator
        await c.type("授权 查看", reply_who=STRANGER, reply_name="路\u202e人")
        member = await c.engine.people.find(STRANGER)
        assert member is not None and (member.name, member.role) == ("路人", Role.viewer)
        await c.type("授权 wecom:ZhangSan 查看 张三丰")
        assert await role(c, "wecom:ZhangSan") is Role.viewer


async def test_an_owner_made_by_reply_has_the_name_they_bear_whatever_it_says(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        named = "@仓库 -客服 叫 老板"
        await c.type("授权 店主", reply_who=STRANGER, reply_name=named)
        await c.press("给店主身份")
        (person,) = [one for one in await c.engine.people.list_persons() if STRANGER in one.ids]
        assert (person.name, person.role, person.tags) == (named, Role.owner, ())


async def test_letting_in_by_reply_without_a_role_says_how_it_is_done_by_reply(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        assert "回复他的话打 授权 操作" in text(await c.type("授权", reply_who=STRANGER, reply_name="路人"))
        assert await role(c, STRANGER) is None


@pytest.mark.parametrize("words", ["授权 @wang 操作", "授权 操作", "授权 5", "授权 5 国王", "授权 terminal:owner 查看",
                                   "授权 小王 操作", "撤权", "撤权 m77", "成员 m77"])  # fmt: skip
async def test_words_that_name_nobody_change_nothing(tmp_path: Path, words: str):
    async with open_counter(tmp_path) as c:
        before = await c.engine.people.list_persons()
        assert await c.type(words) is not None
        assert c.last.card.ref == "refused:0"
        assert await c.engine.people.list_persons() == before


async def test_an_owner_is_made_after_a_question_only(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.type("授权 5 店主 小王")
        assert await role(c, "dummy:5") is None
        await c.press("给店主身份")
        member = await c.engine.people.find("dummy:5")
        assert member is not None and (member.name, member.role) == ("小王", Role.owner)


async def test_one_thumb_changes_a_role_and_shuts_out(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        said = text(await c.type("成员"))
        assert all(name in said for name, _ in NAMES.values())
        await c.press("m3")
        await c.press("改为操作")
        assert await role(c, VIEWER) is Role.operator
        await c.press("撤权")
        assert "马上失效" in c.last.card.note
        await c.press("确定撤权")
        assert await role(c, VIEWER) is None


async def test_the_buttons_of_who_was_shut_out_refuse(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.tell()
        await c.engine.people.revoke(c.actor(), 2)
        await c.press("批准", OPERATOR)
        assert "没有登记" in c.last.card.title
        view = await c.engine.orders.show(number)
        assert view.approval is not None and view.approval.decided_by is None


async def test_a_second_id_is_the_same_person(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.type("授权 wecom:zhangsan as m2")
        member = await c.engine.people.find("wecom:zhangsan")
        assert member is not None and (member.id, member.role) == (2, Role.operator)
        await c.type("授权 wecom:boss 就是 老板")
        assert await role(c, "wecom:boss") is None, "an owner's second id is asked about"
        await c.press("给店主身份")
        assert await role(c, "wecom:boss") is Role.owner


async def test_each_is_answered_in_their_own_language_else_the_rooms_else_their_apps(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        assert "身份" in text(await c.type("我是谁", VIEWER))
        assert "Role" in text(await c.type("我是谁", VIEWER, locale="en-GB"))
        card = await c.type("语言 英文")
        assert "This group" in text(card)
        assert "Role" in text(await c.type("我是谁", VIEWER, locale="zh-hans"))
        await c.type("lang zh", VIEWER)
        assert "身份" in text(await c.type("我是谁", VIEWER)), "one's own goes before the room's"
        assert "Role" in text(await c.type("我是谁", OPERATOR))
        await c.type("lang")
        await c.press("Auto")
        assert "身份" in text(await c.type("我是谁", OPERATOR))


async def test_only_an_owner_sets_the_language_of_a_group(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        for who in (OPERATOR, VIEWER):
            await c.type("语言 en", who)
        room = await c.engine.rooms.find(GROUP)
        assert room is not None and room.locale is None
        assert "身份" in text(await c.type("我是谁", OWNER))


async def test_a_private_chat_speaks_its_persons_language_in_notices_too(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.type("lang en", OWNER, chat=OWNER, chat_kind=ChatKind.private)
        assert [room.locale for room in await c.engine.rooms.list_private()] == ["en"]


async def test_a_group_heard_again_after_it_was_left_is_open_again_by_its_people_only(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.engine.rooms.leave(GROUP)
        await c.type("你好", STRANGER)
        assert not await c.engine.rooms.is_bound(GROUP)
        assert await c.type("待办", VIEWER) is not None
        assert await c.engine.rooms.is_bound(GROUP)


async def test_cards_call_people_by_their_names(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type(f"拦截 {number} 等确认", OPERATOR)
        card = await c.type(f"查单 {number}")
        assert "张三" in text(card)
        assert "dummy" not in text(card) and " · 2 · " not in text(card)


async def test_alerts_are_told_in_the_language_of_the_room(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.type("语言 en")
        await risky_order(c)
        assert "needs approval" in (await c.tell())[-1].plain().lower()
        await c.type("lang auto")
        await risky_order(c, 2)
        assert "待审批" in (await c.tell())[-1].plain()


async def test_whoever_was_shut_out_opens_no_private_chat_by_blocking_the_bot_and_letting_it_in(tmp_path: Path):
    """Cards that stand in their private chat would follow their things again."""
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.type(f"查单 {number}", OPERATOR, chat=OPERATOR, chat_kind=ChatKind.private)
        person = await c.engine.people.choose(OPERATOR)
        await c.engine.people.revoke(c.actor(), person.id)
        assert not await c.engine.rooms.back(OPERATOR), "what the front says when the bot is let in again"
        assert not await c.engine.rooms.is_bound(OPERATOR)
        await c.type(f"批准 {number}")
        assert not [one for one in await c.tell() if c.front.shown and c.last.chat == OPERATOR]
        await c.engine.people.grant(c.actor(), OPERATOR, Role.viewer)
        assert await c.engine.rooms.back(OPERATOR)
