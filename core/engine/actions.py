"""Buttons: what each does is stored, and the first press wins."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from core.clock import to_ms
from core.engine.context import Shop
from core.errors import NotAllowed, NotFound, Refused
from core.store import actions
from core.store.db import SqlValue, Tx
from core.store.rows import ms
from core.values import Value
from core.values.counter import Action
from core.values.ids import ActionId

ID_BYTES = 7
"""56 bits nobody can guess: 10 characters, short enough for a button of any chat."""


class NewAction(Value):
    """A button to be: its command words, and the thing and version they were made for."""

    words: str
    entity: str
    entity_id: int
    version: int
    chat: str
    expires_s: int | None = None
    confirms: bool = False
    made_for: str | None = None


class Actions:
    """The stored buttons."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def keep(
        self,
        words: str,
        entity: str,
        entity_id: int,
        version: int,
        chat: str,
        expires_s: int | None = None,
        confirms: bool = False,
        made_for: str | None = None,
    ) -> ActionId:
        """Store one button; its id has 10 characters."""
        new = NewAction(
            words=words,
            entity=entity,
            entity_id=entity_id,
            version=version,
            chat=chat,
            expires_s=expires_s,
            confirms=confirms,
            made_for=made_for,
        )
        return (await self.keep_all((new,)))[0]

    async def keep_all(self, buttons: Sequence[NewAction]) -> tuple[ActionId, ...]:
        """Store a card's buttons in one transaction; their ids in the same order."""
        if not buttons:
            return ()
        ids = tuple(ActionId(secrets.token_urlsafe(ID_BYTES)) for _ in buttons)
        rows = [self._row(name, new) for name, new in zip(ids, buttons, strict=True)]

        def work(tx: Tx) -> int:
            return tx.run_each("actions.add", rows)

        await self._shop.store.write(work)
        return ids

    async def find(self, action_id: str) -> Action:
        """One button; NotFound("no_such_button")."""
        found = await actions.find(self._shop.store.people, action_id)
        if found is None:
            raise NotFound("no_such_button")
        return found

    async def use(self, action_id: str, who: str, again: bool = False) -> Action:
        """Press a button: one compare-and-set, the first press wins.

        `again` is for a request replayed after a crash: a button this person pressed before counts as theirs. Raises
        NotFound, Refused("already_pressed", by, at), Refused("button_expired"), NotAllowed("not_your_button").
        """
        now_ms = to_ms(self._shop.now())
        action, name, first = await self._shop.store.write(lambda tx: actions.press(tx, action_id, who, now_ms))
        if action is None:
            raise NotFound("no_such_button")
        if first or (again and action.used_by == who):
            return action
        if action.used_at is not None:
            raise Refused("already_pressed", by=name, at=action.used_at)
        if action.made_for not in (None, who):
            raise NotAllowed("not_your_button")
        raise Refused("button_expired")

    def _row(self, name: str, new: NewAction) -> dict[str, SqlValue]:
        now = self._shop.now()
        expires_at = None if new.expires_s is None else now + timedelta(seconds=new.expires_s)
        return {
            "id": name,
            "now": to_ms(now),
            "expires_at": ms(expires_at),
            "confirms": int(new.confirms),
            **new.model_dump(exclude={"expires_s", "confirms"}),
        }
