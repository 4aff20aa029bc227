"""What our own code posts to the push robot, to the app's calls and to a callback's own address is as in the samples."""

import json
from pathlib import Path

import pytest

from bot.cards.card import Button, Card, FieldLine, Style
from bot.fronts.wecom.push import Push
from bot.sandbox.wecom import WecomWorld
from core.clock import SystemClock
from core.values.notices import Urgency
from tests.contract.wecom_tap import differences
from tests.flow.test_wecom_url import open_url, say
from tests.flow.wecom_app_counter import CHAT as ZHANGS
from tests.flow.wecom_app_counter import open_app
from tests.flow.wecom_counter import GROUP

SAMPLES = json.loads((Path(__file__).parent / "wecom_samples/http_payloads.json").read_text("utf-8"))
FREE = {
    "markdown.content",
    "image.base64",
    "image.md5",
    "image.media_id",
    "response_code",
    "template_card.main_title.title",
    "template_card.task_id",
    "template_card.card_action.url",
}
DEFAULTS = {"enable_duplicate_check": 0, "safe": 0}
"""What a sample says although it says nothing: the platform's own defaults, left out by ours."""
PICTURE = b"\x89PNG" * 9


def card(**facts):
    return Card.model_validate(
        {"ref": "order:7", "version": 0, "urgency": Urgency.normal, "title": "高风险发货待审批", **facts}
    )


APPROVAL = card(
    title="高风险发货待审批 · 订单 20251120-0007",
    fields=(FieldLine("金额", "¥1,299"),),
    buttons=(Button("批准发货", Style.good, "approve"), Button("驳回", Style.danger, "reject")),
)


def is_as(sample, ours, *, more=()):
    """Whether a body is a sample's, but for what is free, the platform's defaults and what it may say besides."""
    wanted = {key: value for key, value in sample.items() if (key, value) not in DEFAULTS.items()}
    found = [line for line in differences(wanted, ours, free=FREE) if not line.startswith(tuple(more))]
    return found == []


async def test_the_push_robots_messages():
    async with WecomWorld.open() as world:
        push = Push(world.addresses["wecom_webhook"], SystemClock().now)
        await push.say(card(picture=PICTURE))
        await push.close()
        image, markdown = [entry["body"] for entry in world.office.noted("pushed")]
        assert is_as(SAMPLES["webhook"]["image"], image)
        assert is_as(SAMPLES["webhook"]["markdown"], markdown)
        assert not is_as(SAMPLES["webhook"]["markdown_v2"], markdown), "the control"


async def test_the_apps_messages(tmp_path):
    async with open_app(tmp_path) as counter:
        await counter.front.send(ZHANGS, APPROVAL)
        group = counter.world.app.group
        await counter.front.send(f"wecomapp:{group}", card(picture=PICTURE))
        await counter.front.redraw(ZHANGS, "order:7", card(title="已批准"))
        button_card, image, markdown = [entry["body"] for entry in counter.world.office.noted("sent")]
        sample = SAMPLES["app_message_send"]["button_card"]
        assert is_as(sample, button_card)
        assert is_as(SAMPLES["appchat"]["send_image"], image)
        assert is_as(SAMPLES["appchat"]["send_markdown"], markdown)
        (turned,) = counter.world.office.noted("card_updated")
        task_id = ".template_card.task_id: is too much"
        assert is_as(SAMPLES["app_update_template_card"]["new_card"], turned["body"], more=(task_id,))
        assert not is_as(SAMPLES["app_update_template_card"]["button"], turned["body"]), "the control"
        assert not is_as(SAMPLES["appchat"]["send_text"], markdown), "the control"


async def test_a_message_by_a_callbacks_own_address(tmp_path):
    async with open_url(tmp_path) as counter:
        await say(counter, "我是谁")
        await counter.front.send(GROUP, card())
        assert is_as(SAMPLES["aibot_response_url"]["body"], counter.world.office.noted("replied")[-1]["body"])


@pytest.mark.parametrize("wrong", [{"agentid": "1000002"}, {"touser": ["ZhangSan"]}, {"msgtype": "text"}, {"x": 1}])
def test_a_body_that_says_otherwise_is_seen(wrong):
    sample = SAMPLES["app_message_send"]["button_card"]
    bare = {key: value for key, value in sample.items() if key not in DEFAULTS}
    assert is_as(sample, bare)
    assert not is_as(sample, bare | wrong)
