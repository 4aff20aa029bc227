"""Time passes and effects are tried, with every outcome the wire has."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.clock import to_ms
from core.flows import note
from core.flows.perform import Absent, CannotTell, Outcome
from core.moves import outbox
from core.moves.apply import apply
from core.moves.cause import Cause
from core.moves.step import FulfilmentStep
from core.rules.fulfilment import FulfilmentEvent
from core.store import orders
from core.store import outbox as effects
from core.values.effects import READS, Effect, EffectKind, EffectState
from core.values.fulfilment import ErrorClass
from tests import stockroom as room
from tests.property.street.buyers import Buyers
from tests.property.street.truth import FATES, PICK, P, Truth, chosen


class Effects(Buyers):
    """What the shop does, and what it learns of it."""

    @rule(passes=st.integers(1, 4), heard=st.booleans())
    def the_shop_works_undisturbed(self, passes: int, heard: bool) -> None:
        for _ in range(passes):
            while heard and self.heard:
                self.a_frame_comes(0)
            for outbox_id in self._due():
                if outbox_id in self._due():
                    self._try(outbox_id, "well")
            self.what_is_due_is_taken()

    @rule()
    def what_is_due_is_taken(self) -> None:
        cause = self.cause()
        for row in self.tx.all("fulfilments.due", now=cause.now_ms + 3_600_000, paused=False, most=10):
            step = FulfilmentStep(row["order_id"], FulfilmentEvent.due)
            assert self.once(lambda step=step: apply(self.tx, cause, room.TERMS, step))

    @precondition(lambda self: self._due())
    @rule(pick=PICK, fate=st.sampled_from(FATES))
    def an_effect_is_tried(self, pick: int, fate: str) -> None:
        self._try(chosen(self._due(), pick), fate)

    def _try(self, outbox_id: int, fate: str) -> None:
        effect = self._claim(outbox_id)
        asking = effect.state is EffectState.asking
        cause = self.cause(platform=True)
        found = self._ask(effect) if asking else self._perform(effect, fate)
        if isinstance(found, Exception):
            self.once(lambda: self._fail(cause, effect, found, asking))
        elif isinstance(found, Absent):
            self.once(lambda: self._put_back(cause, effect))
        else:
            assert self.once(lambda: note._happened(self.tx, cause, room.TERMS, effect, found))

    def _due(self) -> list[int]:
        late = to_ms(room.NOW + timedelta(minutes=self.minutes, days=1))
        none = {"full": "[]", "resting": "[]"}
        due = [
            *self.tx.all("outbox.due_acts", words=False, now=late, most=50, kept="[]", **none),
            *self.tx.all("outbox.due_acts", words=True, now=late, most=50, kept="[]", **none),
            *self.tx.all("outbox.due_questions", now=late, most=50, **none),
        ]
        return [row["id"] for row in due]

    def _claim(self, outbox_id: int) -> Effect:
        before = effects.find(self.tx, outbox_id)
        assert before is not None
        now_ms = self.cause().now_ms
        taken = {"id": outbox_id, "state": before.state.value, "trying": before.state is EffectState.waiting}
        self.tx.one("outbox.claim", **taken, run="r", lease_until=now_ms, now=now_ms)
        return before

    def _truth(self, effect: Effect) -> Truth:
        if effect.order_id is None:
            return next(truth for truth in self.orders if truth.order_no == effect.body.partition(" ")[0])
        number = orders.find(self.tx, effect.order_id).order_no
        return next(truth for truth in self.orders if truth.order_no == number)

    def _perform(self, effect: Effect, fate: str) -> Outcome | Exception:
        """What the platform does with a call, and what the shop learns of it."""
        if fate == "later":
            return RuntimeError("later")
        if fate == "used_up":
            return RuntimeError("used_up")
        truth = self._truth(effect)
        if effect.kind in READS:
            return Outcome(record=truth.record()) if fate != "refused" else RuntimeError("refused")
        if fate == "lost":
            return RuntimeError("lost")
        if fate == "refused":
            return RuntimeError("refused")
        if effect.kind is EffectKind.deliver:
            truth.texts.append(effect.body)
        elif truth.status is P.pending_ship:
            truth.status, truth.shipped = P.shipped, truth.shipped + 1
        elif not truth.shipped:
            return RuntimeError("refused")
        if fate == "lost_done":
            return RuntimeError("lost")
        return Outcome(message_id=f"m{effect.id}")

    def _ask(self, effect: Effect) -> Outcome | Absent | Exception:
        truth = self._truth(effect)
        if effect.kind is EffectKind.deliver:
            return Outcome(message_id=f"m{effect.id}") if effect.body in truth.texts else Absent()
        return Outcome(record=truth.record()) if truth.shipped else Absent()

    def _put_back(self, cause: Cause, effect: Effect) -> None:
        outbox.put_off(self.tx, effect.id, EffectState.waiting, cause.now, ErrorClass.unknown, "absent")
        note._reconsider(self.tx, cause, room.TERMS, effect)

    def _fail(self, cause: Cause, effect: Effect, error: Exception, asking: bool) -> None:
        kind = str(error)
        if kind == "lost":
            note._ask_later(self.tx, cause, room.TERMS, effect, kind, asking)
        elif kind == "later":
            self._put_back(cause, effect)
        else:
            error_class = ErrorClass.business if kind == "refused" else ErrorClass.network
            note._ended(self.tx, cause, room.TERMS, effect, error_class, kind)

    @precondition(lambda self: self._asking())
    @rule(pick=PICK)
    def the_platform_cannot_tell(self, pick: int) -> None:
        effect = self._claim(chosen(self._asking(), pick))
        cause = self.cause(platform=True)
        self._truth(effect).doubted = True
        assert self.once(lambda: note._doubt(self.tx, cause, room.TERMS, effect, CannotTell("two").evidence))

    def _asking(self) -> list[int]:
        rows = self.connection.execute("SELECT id FROM outbox WHERE state = 'asking' AND order_id IS NOT NULL")
        return [row["id"] for row in rows]
