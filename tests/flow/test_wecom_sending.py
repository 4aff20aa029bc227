"""What goes by another road in WeCom: the push robot, pictures and files up, people's files down."""

import asyncio

import pytest

from bot.desk import LARGEST_FILE
from core.errors import Busy, MaybeSent, Transient
from core.values.people import ChatKind
from tests.counter import order, risky_order
from tests.flow.wecom_counter import BOSS, CHAT, GROUP, NOBODY, open_wecom, text_of


async def test_the_push_robot_speaks_while_the_socket_is_down(tmp_path):
    async with open_wecom(tmp_path, webhook=True) as counter:
        await risky_order(counter)
        await counter.hang_up()
        await counter.tell()
        (pushed,) = counter.world.office.noted("pushed")
        assert "待审批" in pushed["body"]["markdown"]["content"]
        assert "按钮发不出来" in pushed["body"]["markdown"]["content"]


async def test_a_push_whose_answer_is_lost_comes_again_marked(tmp_path):
    async with open_wecom(tmp_path, webhook=True) as counter:
        await counter.hang_up()
        card = await a_card()
        counter.world.office.fault("lost_answer")
        with pytest.raises(MaybeSent):
            await counter.front.send(GROUP, card)
        await counter.front.send(GROUP, card)
        await counter.front.send(GROUP, card)
        pushed = ["可能重复" in entry["body"]["markdown"]["content"] for entry in counter.world.office.noted("pushed")]
        assert pushed == [False, True, False]


async def test_words_after_a_picture_that_were_refused_come_again_marked(tmp_path):
    async with open_wecom(tmp_path) as counter:
        card = (await a_card()).model_copy(update={"picture": b"\x89PNG" * 9})
        for _ in range(29):
            counter.world.office.rate.count(CHAT)
        with pytest.raises(Transient):
            await counter.front.send(GROUP, card)
        assert len(counter.shown()) == 1, "the picture stands there"
        counter.clock.advance(61)
        await counter.front.send(GROUP, card)
        assert "可能重复" in text_of(counter.shown()[-1])


async def test_an_answer_the_gateway_did_not_take_is_given_later(tmp_path):
    """And not only once the connection is made anew."""
    async with open_wecom(tmp_path, patience_s=(9, 9)) as counter:
        counter.world.office.fault("lost_command", 3, on="aibot_respond_msg")
        await counter.world.people.type(CHAT, BOSS, "我是谁")
        shown = text_of(await counter.next(0))
        assert BOSS in shown
        assert "可能重复" in shown, "whether the first three were shown nobody knows"
        assert len(counter.world.office.noted("subscribed")) == 1


async def test_the_push_robot_says_twenty_a_minute_and_a_picture_counts_too(tmp_path):
    async with open_wecom(tmp_path, webhook=True) as counter:
        await counter.hang_up()
        card = await a_card()
        with_picture = card.model_copy(update={"picture": b"\x89PNG" * 9})
        for _ in range(19):
            await counter.front.send(GROUP, card)
        with pytest.raises(Busy) as full:
            await counter.front.send(GROUP, with_picture)
        assert full.value.retry_after_s == 60
        await counter.front.send(GROUP, card)
        with pytest.raises(Busy):
            await counter.front.send(GROUP, card)
        assert counter.world.office.noted("refused") == [], "the platform never had to refuse"
        counter.clock.advance(60)
        await counter.front.send(GROUP, with_picture)
        kinds = [entry["body"]["msgtype"] for entry in counter.world.office.noted("pushed")]
        assert kinds == ["markdown"] * 20 + ["image", "markdown"]


async def test_without_a_push_robot_a_closed_socket_is_said_so(tmp_path):
    async with open_wecom(tmp_path) as counter:
        await risky_order(counter)
        await counter.hang_up()
        with pytest.raises(Transient, match="chat_unreachable"):
            await counter.tell()


async def test_a_group_that_never_spoke_is_reached_by_the_push_robot(tmp_path):
    async with open_wecom(tmp_path, webhook=True) as counter:
        counter.world.office.chat(CHAT).spoken = False
        await risky_order(counter)
        await counter.tell()
        assert len(counter.world.office.noted("pushed")) == 1
        assert counter.shown() == []


async def test_the_push_robots_group_is_a_room_until_the_aibot_has_one(tmp_path):
    async with open_wecom(tmp_path, bound=False, webhook=True) as counter:
        homes = await counter.engine.rooms.list_homes("wecom")
        assert [room.chat for room in homes] == ["wecom:push"]
        await counter.front.send("wecom:push", await a_card())
        assert len(counter.world.office.noted("pushed")) == 1
        from core.values.people import ChatKind

        await counter.engine.rooms.bind(GROUP, ChatKind.group)
        with pytest.raises(Transient):
            await counter.front.send("wecom:push", await a_card())
        homes = await counter.engine.rooms.list_homes("wecom")
        assert [room.chat for room in homes] == [GROUP]


async def a_card():
    from bot.cards.card import Card
    from core.values.notices import Urgency

    return Card(ref="shop:1", version=0, urgency=Urgency.normal, title="掌柜已就绪")


async def test_a_picture_goes_up_in_chunks_before_its_words(tmp_path):
    async with open_wecom(tmp_path) as counter:
        card = (await a_card()).model_copy(update={"picture": b"\x89PNG" * 300_000})
        await counter.front.send(GROUP, card)
        image, words = counter.shown()
        assert counter.world.office.media[image["image"]["media_id"]].content == card.picture
        assert text_of(words) == "**掌柜已就绪**"


async def test_a_file_sent_in_private_waits_for_the_command_that_wants_it(tmp_path):
    async with open_wecom(tmp_path) as counter:
        await order(counter)
        await counter.engine.rooms.bind(f"wecom:{BOSS}", ChatKind.private)
        await counter.world.people.send_file(BOSS, "卡密.txt", b"K-001\nK-002\n")
        assert "卡密.txt" in text_of(await counter.next(0, BOSS))
        shown = await counter.type("导入卡密 p1", BOSS, BOSS)
        assert "2" in text_of(shown)
        assert "K-001" not in text_of(shown)
        again = await counter.type("导入卡密 p1", BOSS, BOSS)
        assert "没有卡密" in text_of(again)


@pytest.mark.parametrize("wrong", ["gone", "damaged", "large", "stranger"])
async def test_a_file_that_cannot_be_had_is_said_so(tmp_path, wrong):
    async with open_wecom(tmp_path) as counter:
        content = b"x" * (LARGEST_FILE + 1) if wrong == "large" else b"K-001"
        link, key = counter.world.office.put_down("a.txt", content)
        link = f"{link}0" if wrong == "gone" else link
        key = "A" * 43 if wrong == "damaged" else key
        who = NOBODY if wrong == "stranger" else BOSS
        counter.world.office.private(who).spoken = True
        await counter.world.people.say(who, who, {"msgtype": "file", "file": {"url": link, "aeskey": key}})
        if wrong == "stranger":
            await asyncio.sleep(0.1)
            assert counter.shown(who) == []
        else:
            words = text_of(await counter.next(0, who))
            assert ("太大" if wrong == "large" else "没能下载") in words
