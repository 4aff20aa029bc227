"""What our own code puts on the wire is what the samples show: every client frame, and every other way's body."""

import asyncio
import copy
import json
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cards.card import Button, Card, FieldLine, Style
from bot.sandbox.wecom import WecomWorld
from bot.sandbox.wecom.people import People
from bot.sandbox.wecom.things import ShownCard
from core.clock import ManualClock
from core.config import Config
from core.config.wecom import Wecom, WecomAibot
from core.values.notices import Urgency
from core.values.people import ChatKind, Role
from tests import stockroom
from tests.contract.wecom_tap import differences, tapped
from tests.flow.test_wecom_counter import held_store
from tests.flow.wecom_counter import ZHANG, open_shop

SAMPLES = Path(__file__).parent / "wecom_samples"
FRAMES = [
    sample
    for sample in json.loads((SAMPLES / "aibot_ws_frames.json").read_text("utf-8"))["frames"]
    if sample["direction"] == "C>S"
]
LEFT_OUT = {"c_send_msg_group_markdown_doc": ("chat_type",)}
"""What two samples disagree about: the page names the kind of chat, the SDK leaves it to the gateway, as ours does."""
BOT, SECRET, CHAT, OTHER = "aibTEST", "SECRET", "wrkGROUP", "wrkSFfCgAAxxxxxxxxGROUP"
OLD_CARD = "ship-1@1"
PICTURE = b"\x07" * 1_228_800


def card(**facts):
    whole = {"ref": "shop:1", "version": 0, "urgency": Urgency.normal, "title": "新订单", **facts}
    return Card.model_validate(whole)


APPROVAL = card(
    title="高风险发货待审批 · 订单 20251120-0007",
    fields=(FieldLine("金额", "¥1,299"),),
    buttons=(Button("批准发货", Style.good, "approve"), Button("驳回", Style.danger, "reject")),
)


@asynccontextmanager
async def tapped_shop(folder):
    """The shop at a gateway that knows the samples' robot and group, and a card of the robot's former life."""
    clock = ManualClock(stockroom.NOW)
    async with WecomWorld.open(clock=clock) as world, tapped(world.addresses["wecom_ws"]) as (address, frames):
        world.office.bots[BOT], world.bot_id = SECRET, BOT
        world.people = People(world.office, world.gateway, BOT)
        for chat in (CHAT, OTHER):
            world.office.add_group(chat)
            world.office.chat(chat).spoken = True
        world.office.cards[OLD_CARD] = ShownCard(OLD_CARD, CHAT, {})
        config = Config(wecom=Wecom(aibot=WecomAibot(bot_id=BOT, secret=SecretStr(SECRET), ws_url=address)))
        async with open_shop(folder, world, clock, config, (0.05, 1)) as counter:
            await counter.engine.rooms.bind(f"wecom:{CHAT}", ChatKind.group)
            await counter.engine.people.keep(f"wecom:{ZHANG}", "张三", Role.owner)
            yield counter, frames


async def say_everything(counter, frames):
    """Let people and the shop do what makes each of the frames."""
    people, send = counter.world.people, counter.front.send
    await people.enter("LiSi")
    await people.forge_click(CHAT, OLD_CARD, "approve", ZHANG)
    await counter.updated(1)
    release = await held_store(counter)
    await people.type(CHAT, ZHANG, "我是谁")
    await counter.until(lambda: counter.world.office.noted("stream"))
    release.set()
    await counter.until(lambda: counter.world.office.noted("stream")[-1]["finish"])
    for one in (card(), APPROVAL, card(picture=PICTURE)):
        await send(f"wecom:{CHAT}", one)
    await send(f"wecom:{OTHER}", card())
    await counter.until(lambda: any(frame["cmd"] == "ping" for frame in frames))


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    async def record():
        async with tapped_shop(tmp_path_factory.mktemp("wire")) as (counter, frames):
            await say_everything(counter, frames)
            assert counter.world.office.noted("refused") == []
            return frames

    return asyncio.run(record())


def closest(sample, said):
    """What is different at the frame of ours that is most like a sample."""
    wanted = copy.deepcopy(sample["frame"])
    for key in LEFT_OUT.get(sample["id"], ()):
        del wanted["body"][key]
    found = [differences(wanted, ours) for ours in said if ours["cmd"] == wanted["cmd"]]
    return min(found, key=len, default=["never said"])


@pytest.mark.parametrize("sample", FRAMES, ids=lambda sample: sample["id"])
def test_every_client_frame_of_the_samples_is_one_that_our_code_sends(said, sample):
    assert closest(sample, said) == []


def spoiled():
    """A sample with one thing about it wrong, for each thing there is."""
    for sample in FRAMES:
        whole = {**sample["frame"], "body": sample["frame"].get("body", {})}
        for key, value in whole["body"].items():
            yield sample, key, {k: v for k, v in whole["body"].items() if k != key}
            yield sample, f"{key}: type", {**whole["body"], key: [value]}
            if key in ("msgtype", "response_type", "chat_type", "bot_id", "chatid", "total_size", "chunk_index"):
                yield sample, f"{key}: value", {**whole["body"], key: 7 if isinstance(value, int) else "other"}
        yield sample, "one too much", {**whole["body"], "extra": 1}


def test_a_sample_that_says_otherwise_is_seen(said):
    """The control: anything taken away, added or changed in a sample, and no frame of ours is like it."""
    cases = [(sample, what, body) for sample, what, body in spoiled() if not what.startswith("chat_type")]
    assert len(cases) > 80
    for sample, what, body in cases:
        frame = {**sample["frame"], "body": body}
        if sample["id"] in LEFT_OUT and "chat_type" not in body:
            continue
        assert closest({"id": sample["id"], "frame": frame}, said) != [], (sample["id"], what)
    for other in ("", "aibot_send_msg_1", "cb_0001"):
        frame = copy.deepcopy(FRAMES[0]["frame"])
        frame["headers"]["req_id"] = other
        assert closest({"id": "", "frame": frame}, said) != []
