"""What the card of health counts as wrong."""

from datetime import timedelta

import pytest

from bot.cards.health import health_card
from bot.cards.pen import Pen
from bot.texts import load
from core.values.health import Health
from core.values.ids import AccountId
from core.values.views import AccountHealth
from tests.stockroom import NOW, ZONE


def title(state: str, away_s: float) -> str:
    account = AccountHealth(id=AccountId(1), name="main", state=state, since_at=NOW - timedelta(seconds=away_s))
    health = Health(
        version="1",
        started_at=NOW,
        heartbeat_at=NOW,
        accounts=(account,),
        children={},
        chat_backlog=0,
        chat_limit=1,
        order_backlog=0,
        order_limit=1,
        notice_backlog=0,
        notice_limit=1,
        oldest_notice_s=None,
        outbox_waiting=0,
        outbox_late_s=None,
        unknown=0,
        quarantined=0,
        unknown_records=0,
        model="off",
        books="ok",
    )
    return health_card(health, Pen(load("zh"), ZONE, NOW)).title


@pytest.mark.parametrize("state", ["login_expired", "challenged"])
def test_an_account_that_only_its_owner_can_mend_is_wrong(state: str) -> None:
    assert "❗" in title(state, 1)


def test_an_account_without_a_line_is_wrong_after_a_while() -> None:
    assert "❗" not in title("offline", 5)
    assert "❗" in title("offline", 90)


def test_an_account_that_sells_is_well() -> None:
    assert "❗" not in title("online", 9000)
