"""Parity, one table: every row of the command table says and does the same in Telegram, in WeCom, at the terminal."""

import re
from pathlib import Path

import pytest

from bot.commands.command import Command
from tests.flow.stands import FRONTS, Seen, Stand, missing, open_stands
from tests.flow.sweep import ROWS, has_confirm, shop, traces, words_of

ALONE = ("backup", "export", "unbind", "logs")
"""Rows that a group answers otherwise than a private chat: the terminal is its one person's own (Can.group)."""
IN_A_GROUP = {("bind", "terminal"): "请在群里打"}
"""Rows that a platform without groups answers by where to go."""
FOLLOWS = ("这里的消息不能改", "想看新的再打一次：看板")
"""What the board says where messages cannot change (Can.redraw); the backstage counter stands in no table."""


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_a_row_says_and_does_the_same(tmp_path: Path, row: Command, front: str):
    """Typed, and pressed where the answer is a question."""
    async with open_stands() as street, shop(tmp_path / "a", row) as c, shop(tmp_path / "b", row) as d:
        here, there = await street.stand("dummy", c), await street.stand(front, d)
        if where := IN_A_GROUP.get((row.name, front)):
            assert where in (await there.type(words_of(row)))[0].words
            return
        alone = there.alone or (front == "terminal" and row.name in ALONE)
        wanted, seen = await here.type(words_of(row), private=alone), await there.type(words_of(row))
        compare(row, here, wanted, there, seen)
        if buttons(wanted) and await has_confirm(c):
            label = buttons(wanted)[0]
            wanted, seen = await here.press(asking(wanted), label), await there.press(asking(seen), label)
            compare(row, here, wanted, there, seen)


def compare(row: Command, here: Stand, wanted: list[Seen], there: Stand, seen: list[Seen]) -> None:
    """Nothing is missing, the buttons are the same, and so is the file."""
    gone = [piece for piece in missing(wanted, seen, here, there) if row.name != "board" or piece not in FOLLOWS]
    gone = [piece for piece in gone if not CHECKSUM.fullmatch(piece)]
    assert gone == [], [one.words for one in seen]
    assert buttons(seen) == [there.verb(verb) for verb in buttons(wanted)]
    if row.name not in ALONE:
        assert differences(did(here), did(there)) == {}


@pytest.mark.parametrize("front", FRONTS)
async def test_a_row_that_says_or_does_otherwise_would_be_seen(tmp_path: Path, front: str):
    """The control: other words at the platform than backstage."""
    row = next(row for row in ROWS if row.name == "hold")
    async with open_stands() as street, shop(tmp_path / "a", row) as c, shop(tmp_path / "b", row) as d:
        here, there = await street.stand("dummy", c), await street.stand(front, d)
        wanted, seen = await here.type("hold #1"), await there.type("order #1")
        assert missing(wanted, seen, here, there) != []
        assert "fulfilments" in differences(did(here), did(there))


def asking(seen: list[Seen]) -> Seen:
    """The newest card with buttons."""
    return next(one for one in reversed(seen) if one.buttons)


def buttons(seen: list[Seen]) -> list[str]:
    """The buttons of the newest card that has any."""
    return next((list(one.buttons) for one in reversed(seen) if one.buttons), [])


def differences(here: dict, there: dict) -> dict[str, object]:
    return {name: here[name] ^ there[name] for name in here if here[name] != there[name]}


CHECKSUM = re.compile(r"[0-9a-f]{16}")
"""Of a backup: two shops have two keys."""
SAID = re.compile(r"\bsay:[^']+")
HASH = re.compile(r"[0-9a-f]{64}")
KEY = re.compile(r"\b(dummy|telegram|wecomapp|wecom|terminal):[\w.:=-]+")
"""An update's own key: each platform numbers its updates in its own way."""


def did(stand: Stand) -> dict[str, set[str]]:
    """What stands in the file, without the platform's own ids and what is sealed."""
    found = {name: {plain(stand, row) for row in rows} for name, rows in traces(stand.c).items() if name != "acts"}
    return {**found, "acts": {plain(stand, row[:1] + row[2:]) for row in traces(stand.c)["acts"]}}


def plain(stand: Stand, row: tuple) -> str:
    told = str(tuple("<sealed>" if isinstance(value, bytes) else value for value in row))
    staged = (
        told.replace("'terminal:owner'", "'<owner>'").replace("'terminal'", "'<group>'").replace("'group'", "'<group>'")
    )
    told = stand.strip(staged).replace(" 小店: ", " : ").replace("'小店', None", "'', None")
    return SAID.sub("say:<key>", HASH.sub("<hash>", KEY.sub("<key>", told)))
