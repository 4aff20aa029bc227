"""What the reply to a sent text means."""

import pytest

from core.errors import Busy, MarketDown, Refused, Unknown
from core.outside.xianyu.replies import error_of_reply
from tests.contract import xianyu_frames


def error(reply, *, effect=True):
    return error_of_reply(reply, effect=effect, busy_s=2)


def test_the_captured_replies_are_told_apart():
    replies = xianyu_frames.load("rpc_send")["payload"]
    assert error(replies["reply_ok"]) is None
    refused = error(replies["reply_rejected"])
    assert isinstance(refused, Refused)
    assert refused.facts == {"code": "CSI_FORBID||安全拦截", "reason": "您发送的内容涉嫌违规"}
    assert isinstance(error(replies["reply_flow_control"]), Busy)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ({"code": 400, "body": {"code": "400600001"}}, Busy),
        ({"code": 200, "body": {"reason": "闲鱼走神了，您稍后再试～"}}, Busy),
        ({"code": 400, "body": {"reason": "illegal argument"}}, Refused),
        ({"code": 401}, MarketDown),
        ({"code": 500}, Unknown),
        ({"code": "what"}, Unknown),
        ({"code": ["what"], "body": 7}, Unknown),
        ({}, Unknown),
    ],
)
def test_every_other_reply_to_a_text_has_its_error(reply, kind):
    assert isinstance(error(reply), kind)


def test_a_broken_reply_to_a_question_is_only_the_market_being_down():
    assert isinstance(error({"code": 500}, effect=False), MarketDown)
