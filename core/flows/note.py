"""What came of an effect, written with the state it changes; errors become another try, a question, or an end."""

import logging
from datetime import timedelta

from core.errors import ShopError
from core.flows.perform import Absent, CannotTell, Outcome, is_chatless, is_write
from core.flows.work import Work
from core.moves import answers, frames, indicators, outbox, parcels, planning, records, refunds, shipping
from core.moves.cause import Cause
from core.moves.notices import tell
from core.moves.terms import Terms
from core.rules import retry
from core.rules.retry import Decision, Verdict
from core.store.db import Tx
from core.values.effects import READS, REFUNDS, SHIPPING, TEXTS, Effect, EffectKind, EffectState
from core.values.fulfilment import ErrorClass
from core.values.notices import NoticeKind
from core.values.people import PLATFORM

log = logging.getLogger(__name__)

ASK_AFTER_S = (2, 10, 30, 60)
"""Waits, in seconds, before the platform is asked again about an effect of unknown outcome; then a person is."""
MOST_SOON_S = 1
"""What was not asked at all is looked at again after so many seconds at the earliest."""

SLOW_S = 1.0
"""Real seconds from which a failed call was a slow one."""
CALLS = {
    EffectKind.look_up: "order_detail",
    EffectKind.confirm: "order_detail",
    EffectKind.find_order: "sold_list",
    EffectKind.deliver: "send",
    EffectKind.answer: "send",
    EffectKind.consign: "ship",
    EffectKind.consign_parcel: "ship",
    EffectKind.look_up_refund: "refund",
    EffectKind.refuse_refund: "refund",
}
"""The marketplace's call an effect is made of."""


def _call(effect: Effect) -> str:
    """The name its time is counted under; a question about an effect is another call than the effect."""
    if effect.state is EffectState.asking:
        asked = "refund" if effect.kind in REFUNDS else "order_detail"
        return indicators.CALL + ("history" if effect.kind in TEXTS else asked)
    return indicators.CALL + CALLS[effect.kind]


class Note:
    """Writes results; each is one transaction."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def came_true(self, effect: Effect, found: Outcome | Absent | CannotTell, took_s: float) -> None:
        """It happened; or it was asked about and did not, or nobody can tell. The call took so many real seconds."""
        cause, terms = self._work.cause(actor=PLATFORM), self._work.terms

        def work(tx: Tx) -> None:
            if isinstance(found, Outcome):
                _happened(tx, cause, terms, effect, found)
            elif isinstance(found, Absent):
                self._absent(tx, cause, terms, effect)
            else:
                _doubt(tx, cause, terms, effect, found.evidence)
            indicators.took(tx, cause, _call(effect), took_s * 1000, effect.account_id)

        await self._work.store.write(work)

    def _absent(self, tx: Tx, cause: Cause, terms: Terms, effect: Effect) -> None:
        """It never arrived: the same is sent again, as long as attempts are left."""
        if effect.attempts >= self._work.config.retry.attempts:
            _ended(tx, cause, terms, effect, ErrorClass.network, "it never arrived")
            return
        outbox.put_off(tx, effect.id, EffectState.waiting, cause.now, ErrorClass.unknown, "it had not arrived")
        _reconsider(tx, cause, terms, effect)

    async def failed(self, effect: Effect, error: Exception, took_s: float, *, asking: bool) -> None:
        """It raised: the error's family says what follows. What failed at once says nothing of response times."""
        if not isinstance(error, ShopError):
            log.error("effect %s %s", effect.id, effect.kind, exc_info=error)
        decision = self._decide(effect, error)
        cause, terms = self._work.cause(), self._work.terms
        words = f"{error}"[:300]

        def work(tx: Tx) -> None:
            if effect.kind is EffectKind.deliver and not asking and is_chatless(error):
                shipping.nowhere_to_send(tx, cause, terms, effect, words)
            else:
                self._fail(tx, cause, terms, effect, decision, words, asking)
            if took_s >= SLOW_S:
                indicators.took(tx, cause, _call(effect), took_s * 1000, effect.account_id)

        await self._work.store.write(work)

    def _decide(self, effect: Effect, error: Exception) -> Decision:
        is_bug = not isinstance(error, ShopError)
        if is_bug and is_write(effect):
            return Decision(verdict=Verdict.ask_platform, error_class=ErrorClass.unknown)
        plan = self._work.config.retry
        decision = retry.decide(error, effect.attempts + 1, plan, self._work.chance.between(0.0, 1.0))
        gives_up = decision.verdict is Verdict.give_up and effect.order_id is None
        if gives_up and not is_bug and is_patient(decision, effect):
            return decision.model_copy(update={"verdict": Verdict.again, "delay_s": plan.max_delay_s})
        return decision

    def _fail(
        self, tx: Tx, cause: Cause, terms: Terms, effect: Effect, decision: Decision, words: str, asking: bool
    ) -> None:
        if decision.verdict in (Verdict.wait_for_owner, Verdict.wait):
            state = EffectState.asking if asking else EffectState.waiting
            due_at = cause.now + timedelta(seconds=max(decision.delay_s, MOST_SOON_S))
            outbox.put_off(tx, effect.id, state, due_at, decision.error_class, words, counted=False)
            _reconsider(tx, cause, terms, effect)
        elif asking or decision.verdict is Verdict.ask_platform:
            _ask_later(tx, cause, terms, effect, words, asking)
        elif decision.verdict is Verdict.again:
            due_at = cause.now + timedelta(seconds=decision.delay_s)
            outbox.put_off(tx, effect.id, EffectState.waiting, due_at, decision.error_class, words)
            _reconsider(tx, cause, terms, effect)
        else:
            _ended(tx, cause, terms, effect, decision.error_class, words)


def _reconsider(tx: Tx, cause: Cause, terms: Terms, effect: Effect) -> None:
    """It is to be done later: not for an order that closed, or asks for its money back, or a chat taken over."""
    if effect.kind is EffectKind.answer:
        answers.reconsider(tx, cause, effect)
    elif effect.order_id is not None and effect.kind in SHIPPING:
        shipping.reconsider(tx, cause, terms, effect.order_id)


def is_patient(decision: Decision, effect: Effect) -> bool:
    """A question about an order nobody knows yet is asked until it is answered: giving up would lose the order."""
    return effect.kind in READS and decision.error_class in (ErrorClass.network, ErrorClass.api)


def _tell_unread(tx: Tx, cause: Cause, effect: Effect) -> None:
    """An order of the platform's list whose record cannot be read has no row here: only its number can be told."""
    order_no = effect.body.partition(" ")[0]
    if effect.key.startswith(f"look_up:{effect.account_id}:{order_no}:{frames.LISTED}"):
        tell(tx, cause, NoticeKind.order_unread, "unread", effect.account_id, once=order_no, detail=order_no)


def _happened(tx: Tx, cause: Cause, terms: Terms, effect: Effect, found: Outcome) -> None:
    match effect.kind:
        case EffectKind.look_up:
            _looked_up(tx, cause, terms, effect, found)
        case EffectKind.find_order:
            outbox.finish(tx, cause, effect.id, EffectState.done, result=found.order_no)
            if found.order_no:
                chat_no = effect.body.partition(" ")[0]
                frames.look_up(tx, cause, effect.account_id, found.order_no, None, f"found:{effect.id}", chat_no)
        case EffectKind.confirm if found.record is None:
            _ended(tx, cause, terms, effect, ErrorClass.business, "the platform knows no such order")
        case EffectKind.confirm:
            assert found.record is not None
            shipping.confirmed(tx, cause, terms, effect, found.record)
        case EffectKind.deliver:
            shipping.delivered(tx, cause, effect, found.message_id)
        case EffectKind.answer:
            answers.accepted(tx, cause, effect, found.message_id)
        case EffectKind.consign | EffectKind.consign_parcel:
            shipping.consigned(tx, cause, terms, effect)
        case EffectKind.look_up_refund:
            refunds.learn(tx, cause, effect, found.refund)
        case EffectKind.refuse_refund if effect.state is EffectState.asking and not _is_refused(found):
            refunds.moot(tx, cause, effect)
        case EffectKind.refuse_refund:
            refunds.refused(tx, cause, effect)


def _is_refused(found: Outcome) -> bool:
    return found.refund is not None and found.refund.refused


def _looked_up(tx: Tx, cause: Cause, terms: Terms, effect: Effect, found: Outcome) -> None:
    if found.record is None:
        return _ended(tx, cause, terms, effect, ErrorClass.business, "the platform knows no such order")
    outbox.finish(tx, cause, effect.id, EffectState.done, result=found.record.status)
    order_id = records.learn(tx, cause, terms, effect.account_id, found.record) or effect.order_id
    if order_id is not None:  # a record without a state or an item plans nothing, and nothing is skipped silently
        planning.hand_over_unread(tx, cause, terms, order_id)
    return None


def _ask_later(tx: Tx, cause: Cause, terms: Terms, effect: Effect, words: str, asking: bool) -> None:
    asked = effect.asked + 1 if asking else 0
    if asked >= len(ASK_AFTER_S):
        _doubt(tx, cause, terms, effect, words)
        return
    due_at = cause.now + timedelta(seconds=ASK_AFTER_S[asked])
    outbox.put_off(tx, effect.id, EffectState.asking, due_at, ErrorClass.unknown, words)


def _doubt(tx: Tx, cause: Cause, terms: Terms, effect: Effect, evidence: str) -> None:
    if effect.kind is EffectKind.answer:
        answers.in_doubt(tx, cause, effect, evidence)
        return
    if effect.kind is EffectKind.refuse_refund:
        refunds.in_doubt(tx, cause, effect, evidence)
        return
    state, doubted = EffectState.unknown, ErrorClass.unknown
    told = outbox.finish(tx, cause, effect.id, state, error_class=doubted, error=evidence)
    if told and effect.order_id is not None:
        shipping.doubt(tx, cause, terms, effect.order_id, evidence)


def _ended(tx: Tx, cause: Cause, terms: Terms, effect: Effect, error_class: ErrorClass, words: str) -> None:
    """It did not happen and is not tried again."""
    if effect.kind is EffectKind.answer:
        if error_class is ErrorClass.business and parcels.say_plain(tx, cause, effect):
            outbox.finish(tx, cause, effect.id, EffectState.refused, error_class=error_class, error=words)
        else:
            answers.refused(tx, cause, effect, error_class, words)
        return
    if effect.kind is EffectKind.refuse_refund:
        refunds.not_refused(tx, cause, effect, error_class, words)
        return
    state = EffectState.refused if error_class is ErrorClass.business else EffectState.failed
    if not outbox.finish(tx, cause, effect.id, state, error_class=error_class, error=words):
        return  # settled before, by an echo or a person
    if effect.kind is EffectKind.look_up and effect.order_id is not None:
        planning.hand_over_unread(tx, cause, terms, effect.order_id)
    elif effect.kind is EffectKind.look_up:
        _tell_unread(tx, cause, effect)
    elif effect.kind in SHIPPING and effect.order_id is not None:
        shipping.fail(tx, cause, terms, effect.order_id, error_class, words)
