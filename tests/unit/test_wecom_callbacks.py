"""Callbacks that others sealed are opened, and what is wrong with one is said; by the command line too."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.fronts.wecom.wechat import Envelope, Unreadable, read_event, sealed_part

SAMPLES = Path(__file__).parents[1] / "contract/wecom_samples"
CALLBACKS = json.loads((SAMPLES / "callbacks.json").read_text("utf-8"))["callbacks"]
VECTOR = json.loads((SAMPLES / "tencent_vector.json").read_text("utf-8"))


def envelope(sample, **changes):
    facts = {"token": sample["token"], "key": sample["encoding_aes_key"], "id": sample["receive_id"], **changes}
    return Envelope(facts["token"], facts["key"], facts["id"])


def sealed(sample):
    return sample["query"].get("echostr") or sealed_part(sample["body"])


@pytest.mark.parametrize("sample", CALLBACKS, ids=lambda sample: sample["id"])
def test_every_callback_of_the_samples_is_opened(sample):
    assert envelope(sample).open(sample["query"], sealed(sample)) == sample["expected_plaintext"]


def test_tencents_own_vector_is_opened():
    assert envelope(VECTOR).open(VECTOR["query"], VECTOR["encrypt"]) == VECTOR["expected_plaintext"]


TEXT = next(sample for sample in CALLBACKS if sample["id"] == "02_app_text")
CLEAR = '{"msgtype":"text"}'


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"token": "other"}, "signature"),
        ({"id": "wwOTHER"}, "receiver"),
        ({"key": "A" * 43}, "damaged"),
        ({"key": "short"}, "key"),
        ({"key": TEXT["encoding_aes_key"] + "="}, "key"),
    ],
)
def test_a_wrong_setting_is_named(changes, reason):
    with pytest.raises(Unreadable) as refused:
        envelope(TEXT, **changes).open(TEXT["query"], sealed(TEXT))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "[1]",
        '{"encrypt": 7}',
        "<xml></xml>",
        "<xml><Encrypt/></xml>",
        "<xml><Encrypt>a</xml>",
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><Encrypt>&a;</Encrypt></xml>',
        "{" * 5000,
    ],
    ids=lambda body: body[:30],
)
def test_a_body_of_no_shape_is_refused(body):
    with pytest.raises(Unreadable, match="format"):
        sealed_part(body)


def test_a_changed_letter_is_a_wrong_signature():
    damaged = sealed(TEXT)[:-5] + "AAAA="
    with pytest.raises(Unreadable, match="signature"):
        envelope(TEXT).open(TEXT["query"], damaged)
    with pytest.raises(Unreadable, match="format"):
        envelope(TEXT).open({"timestamp": "1"}, damaged)


def test_an_event_wechatpy_does_not_know_is_read_all_the_same():
    event = read_event(
        "<xml><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[template_card_event]]></Event>"
        "<EventKey><![CDATA[approve]]></EventKey><TaskId><![CDATA[t-1]]></TaskId></xml>"
    )
    assert (event["EventKey"], event["TaskId"]) == ("approve", "t-1")
    assert read_event("7318249510723645189") is None


def decode(sample, *args, given=None):
    raw = given if given is not None else json.dumps({k: sample[k] for k in ("method", "query", "body")})
    keys = ["--token", sample["token"], "--aeskey", sample["encoding_aes_key"], "--receive-id", sample["receive_id"]]
    return subprocess.run(
        [sys.executable, "-m", "bot", "decode", "wecom", *keys, *args],
        check=False,
        input=raw,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("sample", CALLBACKS, ids=lambda sample: sample["id"])
def test_the_command_line_prints_one_line_with_the_event_and_its_age(sample):
    done = decode(sample)
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert found["plaintext"] == sample["expected_plaintext"]
    assert found["age_s"] > 0
    if sample["id"] == "02_app_text":
        assert found["event"]["Content"] == "/ship 20251120-0007 加急"
    if sample["id"] == "06_aibot_group_text":
        assert found["event"]["text"]["content"] == "@店铺助手 /stock SKU-红-XL"


@pytest.mark.parametrize(
    ("args", "given", "words"),
    [
        (["--token", "x"], None, "the signature is wrong"),
        (["--receive-id", "ww"], None, "another receive id"),
        (["--aeskey", "x"], None, "EncodingAESKey is not one"),
        ([], "nonsense", "not the shape of a callback"),
        ([], '{"query": {}, "body": null}', "not the shape of a callback"),
        (["nowhere.json"], None, "nowhere.json"),
    ],
)
def test_the_command_line_says_why_it_refuses(args, given, words):
    done = decode(TEXT, *args, given=given)
    assert done.returncode == 1
    assert done.stdout == ""
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
