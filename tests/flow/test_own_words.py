"""A person's words to a buyer: a sign when the platform took them, a way out when it did not, a warning when stale."""

from pathlib import Path

from bot.cards.capabilities import CAPABILITIES, Can
from bot.cards.card import Fronts
from bot.fronts.terminal import Terminal
from core.moves import answers
from core.store import outbox
from core.values.fulfilment import ErrorClass
from core.values.notices import NoticeKind
from tests.counter import GROUP, OPERATOR, Shown
from tests.flow.telling import Telling, open_telling
from tests.flow.test_desk_notices import stage

K = NoticeKind


async def alert(t: Telling) -> str:
    """A buyer asks for a person; the message of the alert."""
    await t.counter.store.write(stage)
    await t.passes()
    await t.happens(K.chat_handed_over, entity="chat", detail="person")
    await t.passes()
    return t.fronts["dummy"].shown[-1].message


async def reply(t: Telling, words: str = "在的，马上看", message: str = "77", **changes: object) -> None:
    await t.counter.type(words, **{"reply_to": await alert(t), "message": message, **changes})


async def platform(t: Telling, what: str) -> None:
    """The marketplace takes the words, refuses them, or nobody knows."""

    def work(tx) -> None:
        row = tx._connection.execute("SELECT id FROM outbox WHERE key LIKE 'say:%'").fetchone()
        tx._connection.execute("UPDATE outbox SET state = 'claimed', attempts = attempts + 1 WHERE id = ?", row)
        effect = outbox.find(tx, row[0])
        assert effect is not None
        if what == "takes":
            answers.accepted(tx, t.cause(), effect, "pnm-1")
        elif what == "refuses":
            answers.refused(tx, t.cause(), effect, ErrorClass.business, "FAIL_BIZ")
        else:
            answers.in_doubt(tx, t.cause(), effect, "nobody knows")

    await t.counter.store.write(work)
    await t.passes(2)


def told(t: Telling) -> Shown:
    """The newest card that is no redraw."""
    return next(shown for shown in reversed(t.fronts["dummy"].shown) if not shown.again)


async def test_words_the_platform_took_get_a_sign(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await reply(t)
        await t.passes()
        assert t.fronts["dummy"].reactions == [], "not before it is true"
        shown = len(t.fronts["dummy"].shown)
        await platform(t, "takes")
        assert t.fronts["dummy"].reactions == [(GROUP, "77", "👍")]
        assert [s for s in t.fronts["dummy"].shown[shown:] if not s.again] == [], "a sign needs no card"


async def test_a_front_without_signs_says_it_in_a_line(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await reply(t)
        terminal = Terminal(t.counter.engine.now)
        printed: list[str] = []
        terminal._print = lambda card, *_, **__: printed.append(card.title)
        t.tell._work.owner._fronts = Fronts({"dummy": terminal})
        await platform(t, "takes")
        assert printed == ["✅ c1 的回复已送到平台"]


async def test_words_refused_are_shown_with_a_button_that_sends_the_same_again(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await reply(t)
        await platform(t, "refuses")
        card = told(t).card
        assert "你写的：在的，马上看" in card.note
        assert t.fronts["dummy"].reactions == []
        await t.counter.press("再发一次", OPERATOR)
        assert await t.one("SELECT state FROM outbox WHERE key LIKE 'say:%'") == "waiting"
        assert await t.one("SELECT count(*) FROM outbox WHERE key LIKE 'say:%'") == 1, "the same words, no second row"
        await platform(t, "refuses")
        assert "你写的" in told(t).card.note, "refused again, it is told again"
        await t.counter.press("再发一次")
        await platform(t, "takes")
        assert t.fronts["dummy"].reactions == [(GROUP, "77", "👍")]


async def test_words_in_doubt_are_never_sent_again_by_themselves(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await reply(t)
        await platform(t, "is silent")
        labels = [button.verb for button in told(t).card.buttons]
        assert labels[:3] == ["✅ 已送达", "🔁 再发一次", "⛔ 算了"]
        assert await t.one("SELECT state FROM outbox WHERE key LIKE 'say:%'") == "unknown"
        await t.counter.press("已送达")
        await t.passes()
        assert await t.one("SELECT state FROM outbox WHERE key LIKE 'say:%'") == "done"
        assert t.fronts["dummy"].reactions == [(GROUP, "77", "👍")]
        await t.counter.type("再发 1")
        assert t.counter.last.card.ref == "refused:0", "what is settled is not sent again"


async def test_words_given_up_are_not_sent(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await reply(t)
        await platform(t, "is silent")
        await t.counter.press("算了")
        assert await t.one("SELECT state FROM outbox WHERE key LIKE 'say:%'") == "cancelled"


async def test_two_who_press_send_again_send_once(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await reply(t)
        await platform(t, "refuses")
        asked = told(t)
        await t.counter.press("再发一次", OPERATOR, asked)
        await t.counter.press("再发一次", card=asked)
        assert t.counter.last.card.ref == "refused:0"
        assert await t.one("SELECT count(*) FROM acts WHERE verb = 'resend'") == 1


async def test_a_reply_to_an_old_alert_is_sent_with_a_warning(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        message = await alert(t)
        t.counter.later(hours=30)
        await t.counter.type("还在吗", reply_to=message, message="78")
        assert "30 小时 前的" in t.counter.last.card.note
        assert await t.one("SELECT count(*) FROM outbox WHERE key LIKE 'say:%'") == 1


async def test_a_reply_to_a_fresh_alert_has_no_warning(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await reply(t)
        assert "前的" not in t.counter.last.card.note


async def test_an_edit_of_sent_words_says_that_the_buyer_has_the_old_ones(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await reply(t)
        first = t.fronts["dummy"].shown[-2].message
        await t.counter.type("在的，五分钟后看", reply_to=first, message="77", edited=True)
        assert "买家看到的是改之前的话" in t.counter.last.card.plain()
        await t.counter.type("别的话", reply_to=first, message="99", edited=True)
        assert "买家看到的是改之前的话" not in t.counter.last.card.plain()
        assert await t.one("SELECT count(*) FROM outbox WHERE key LIKE 'say:%'") == 1


async def test_a_note_among_us_is_sent_to_nobody(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await reply(t, "// 老客户")
        assert await t.one("SELECT count(*) FROM outbox WHERE key LIKE 'say:%'") == 0


async def test_a_sign_that_comes_twice_is_one(tmp_path: Path):
    """The echo of the words and the answer of the platform both say that they arrived."""
    async with open_telling(tmp_path) as t:
        await reply(t)
        await platform(t, "takes")
        said = await t.one("SELECT id FROM outbox WHERE key LIKE 'say:%'")
        await t.counter.store.write(lambda tx: answers.accepted(tx, t.cause(), outbox.find(tx, said), "pnm-1"))
        await t.passes()
        assert len(t.fronts["dummy"].reactions) == 1


def test_every_front_that_can_put_a_sign_says_so_in_the_table():
    from bot.fronts.telegram.front import Telegram
    from bot.fronts.wecom.front import Wecom

    for front in (Terminal, Telegram, Wecom):
        assert (Can.react in CAPABILITIES[front.name]) == hasattr(front, "react"), front.name
