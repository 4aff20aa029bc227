"""Settings of the trade: answers, approvals, shipping, risk, retries, stock, limits. Defaults: laws.md, "Defaults"."""

from pydantic import Field, model_validator

from core.config.fields import Count, Number, Rising, Section, TimeOfDay
from core.config.wrong import wrong


class Replies(Section):
    """[replies]: how buyers are answered."""

    debounce_s: Number = Field(2.0, ge=0, le=60, description="Wait so many seconds for the buyer's next message.")
    debounce_max_s: Number = Field(
        8.0, ge=0, le=300, description="Longest wait from a burst's first message, in seconds."
    )
    typing_s_per_char: Number = Field(0.1, ge=0, le=2, description="Seconds of typing a character of an answer takes.")
    typing_max_s: Number = Field(6.0, ge=0, le=60, description="Longest typing, in seconds.")
    stale_minutes: Number = Field(10.0, gt=0, le=1440, description="Older messages go to the owner, in minutes.")
    takeover_minutes: Number = Field(20.0, gt=0, le=1440, description="A takeover ends after so many idle minutes.")
    history: Count = Field(200, ge=0, le=1000, description="How many messages of a chat the model is shown.")
    max_chars: Count = Field(300, ge=20, le=2000, description="Longest answer to a buyer, in characters.")
    bargain_rounds: Count = Field(5, ge=1, le=50, description="After so many rounds of bargaining the owner is asked.")

    @model_validator(mode="after")
    def _ordered(self) -> "Replies":
        if self.debounce_max_s < self.debounce_s:
            raise wrong("not_smaller", name="debounce_max_s", than="debounce_s")
        return self


class Approvals(Section):
    """[approvals]: questions to the owner before a risky order ships. Silence never approves (law 9)."""

    deadline_minutes: Number = Field(60.0, gt=0, le=1440, description="Held when unanswered after so many minutes.")
    reminder_minutes: Number = Field(20.0, gt=0, le=1440, description="Reminded after so many minutes.")
    escalation_minutes: Number = Field(40.0, gt=0, le=1440, description="Escalated after so many minutes.")

    @model_validator(mode="after")
    def _ordered(self) -> "Approvals":
        if not self.reminder_minutes < self.escalation_minutes < self.deadline_minutes:
            raise wrong("must_rise", names="reminder_minutes, escalation_minutes, deadline_minutes")
        return self


class Shipping(Section):
    """[shipping]: when goods leave, and how the owner is reminded of those shipped by hand."""

    undo_s: Number = Field(10.0, ge=0, le=600, description="Seconds in which /ship can be taken back.")
    delay_min_minutes: Count = Field(
        5, ge=0, le=120, description="New physical products wait at least so many minutes."
    )
    delay_max_minutes: Count = Field(
        30, ge=0, le=120, description="New physical products wait at most so many minutes."
    )
    carrier: str = Field("顺丰快递", min_length=1, max_length=40, description="Carrier of new physical products.")
    reminder_hours: Rising = Field((2.0, 8.0, 20.0), description="Hours after which a manual order is reminded of.")
    deadline_hours: Number = Field(24.0, gt=0, le=240, description="Hours the platform gives for shipping.")
    escalate_before_hours: Number = Field(
        4.0, ge=0, le=240, description="Escalated so many hours before that deadline."
    )

    @model_validator(mode="after")
    def _ordered(self) -> "Shipping":
        if self.delay_max_minutes < self.delay_min_minutes:
            raise wrong("not_smaller", name="delay_max_minutes", than="delay_min_minutes")
        if self.escalate_before_hours >= self.deadline_hours:
            raise wrong("larger", name="deadline_hours", than="escalate_before_hours")
        if any(hours <= 0 or hours > self.deadline_hours for hours in self.reminder_hours):
            raise wrong("between", name="reminder_hours", low="0", high="deadline_hours")
        return self


class Risk(Section):
    """[risk]: what makes an order wait for the owner (laws.md, "Risk"). Money in 分: 50000 is ¥500."""

    tolerance_percent: Count = Field(
        20, ge=0, le=1000, description="Percent above price × quantity + postage that hit."
    )
    amount_limit_fen: Count = Field(
        50000, ge=0, le=1_000_000_000, description="An order over this amount is asked about, in 分."
    )
    first_buyer_limit_fen: Count = Field(
        20000, ge=0, description="The same for a buyer who never bought before, in 分."
    )
    orders_in_window: Count = Field(3, ge=2, le=1000, description="So many orders of a buyer within the window hit.")
    window_minutes: Count = Field(30, ge=1, le=10080, description="Length of that window, in minutes.")


class Retry(Section):
    """[retry]: how often an effect on the world is tried again, and when."""

    attempts: Count = Field(4, ge=1, le=20, description="Attempts in all, the first included.")
    first_delay_s: Number = Field(30.0, ge=0, le=3600, description="Wait before the second attempt, in seconds.")
    factor: Number = Field(4.0, ge=1, le=10, description="Each further wait is so many times as long.")
    max_delay_s: Number = Field(480.0, ge=0, le=86400, description="Longest wait, in seconds.")
    jitter: Number = Field(0.2, ge=0, le=1, description="Waits vary by this share in both directions.")


class Stock(Section):
    """[stock]: counted goods and keys."""

    low_at: Count = Field(
        5, ge=0, le=1_000_000_000, description="New products are low when no more than so many units are free."
    )
    keep_minutes: Count = Field(
        15, ge=1, le=43_200, description="Units kept for somebody go back after so many minutes, unless told otherwise."
    )


class Reminders(Section):
    """[reminders]: 催付, when its text is switched on (话术 催付 开)."""

    unpaid_minutes: Count = Field(30, ge=1, le=1440, description="The buyer is reminded after so many minutes.")
    night_from: TimeOfDay = Field("22:00", description="From this time of the shop's day nobody is reminded to pay.")
    night_to: TimeOfDay = Field("08:00", description="Until this time; the same as night_from: at any hour.")


class Limits(Section):
    """[limits]: how much at once, and how fast."""

    writes_per_s: Number = Field(1.0, gt=0, le=1000, description="Writes a second to the marketplace per account.")
    writes_per_minute: Count = Field(30, ge=1, le=60000, description="Writes a minute to the marketplace per account.")
    reads_per_s: Number = Field(
        5.0, gt=0, le=10000, description="Questions a second to the marketplace per account, in the long run."
    )
    reads_at_once: Count = Field(
        800, ge=1, le=100_000, description="Questions that may come at once after a quiet time, as after a night away."
    )
    chat_queue: Count = Field(1000, ge=1, le=1_000_000, description="Chat messages waiting before /health warns.")
    order_queue: Count = Field(500, ge=1, le=1_000_000, description="Order records waiting before /health warns.")
    notice_queue: Count = Field(
        200, ge=1, le=1_000_000, description="Notices to the owner waiting before /health warns."
    )
    notices_per_minute: Count = Field(
        10, ge=1, le=1000, description="Notices of one kind a minute shown one by one; more become one card."
    )
    workers: Count = Field(3, ge=1, le=64, description="How many outbox rows an account delivers at the same time.")
    chats_at_once: Count = Field(64, ge=1, le=1000, description="How many chats an account answers at the same time.")
    commands_per_minute: Count = Field(30, ge=1, le=6000, description="Commands a minute a person may give.")
    command_stale_minutes: Number = Field(2.0, gt=0, le=1440, description="An older command asks again, in minutes.")


class Report(Section):
    """[report]: the day's numbers and picture, told once a day."""

    on: bool = Field(True, description="Whether the day's report is told.")
    at: TimeOfDay = Field(
        "21:00", description="When, in shop time; before 05:00 it is about the day that has just ended."
    )
