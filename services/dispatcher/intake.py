"""Single tasks taken in together: what arrives while a transaction of its district is under way shares the next one.

A POST alone waits for nobody. Fifty at once cost two or three transactions instead of fifty.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.dispatcher.refusals import Unavailable
from shared.domain.clock import utc_now
from shared.domain.intake import TaskDraft
from shared.operations.intake import Answer, take_in
from shared.store.connection import Pool
from shared.store.outage import is_outage

MOST_TOGETHER = 200
_WAIT_FOR_CONNECTION_S = 5.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    draft: TaskDraft
    answer: "asyncio.Future[Answer]"


@dataclass(frozen=True, slots=True)
class _Desk:
    """Whose drafts may share a transaction: those that one account posts to one district."""

    district_id: UUID
    account_id: UUID | None


class Intake:
    """One queue per district and account, each emptied by one task while there is something in it. Belongs to one event loop."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._waiting: dict[_Desk, list[_Waiting]] = {}
        self._runs: dict[_Desk, asyncio.Task[None]] = {}

    async def take_in(self, district_id: UUID, account_id: UUID | None, draft: TaskDraft) -> Answer:
        """The draft's answer once it is committed; see `shared.operations.intake.take_in`.

        Who is cancelled while waiting leaves the others alone; the own draft may be in by then.
        """
        desk = _Desk(district_id, account_id)
        waiting = _Waiting(draft, asyncio.get_running_loop().create_future())
        self._waiting.setdefault(desk, []).append(waiting)
        if desk not in self._runs:
            self._runs[desk] = asyncio.create_task(self._run(desk))
        return await waiting.answer

    async def drain(self, limit_s: float) -> None:
        """Let what waits be taken in, for at most `limit_s`; whoever still waits then hears that the service is away."""
        if not self._runs:
            return
        _, late = await asyncio.wait(list(self._runs.values()), timeout=limit_s)
        for run in late:
            run.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, desk: _Desk) -> None:
        group: list[_Waiting] = []
        try:
            while group := self._next_group(desk):
                await self._take_group(desk, group)
        finally:
            # Nothing is awaited between the last look into the queue and here: a draft comes before it, or starts a run of its own.
            del self._runs[desk]
            _refuse([*group, *self._waiting.pop(desk, [])], Unavailable())

    def _next_group(self, desk: _Desk) -> list[_Waiting]:
        queue = [waiting for waiting in self._waiting.pop(desk, []) if not waiting.answer.done()]
        if rest := queue[MOST_TOGETHER:]:
            self._waiting[desk] = rest
        return queue[:MOST_TOGETHER]

    async def _take_group(self, desk: _Desk, group: Sequence[_Waiting]) -> None:
        """Take these in together; where that fails, each alone, so that one that breaks the database's rules fails for itself only."""
        try:
            async with self._pool.acquire(timeout=_WAIT_FOR_CONNECTION_S) as conn:
                answers = await take_in(
                    conn,
                    desk.district_id,
                    [waiting.draft for waiting in group],
                    now=utc_now(),
                    account_id=desk.account_id,
                )
        except Exception as error:  # noqa: BLE001  (it reaches whoever waits)
            if len(group) == 1 or is_outage(error):
                _refuse(group, error)
                return
            for waiting in group:
                await self._take_group(desk, [waiting])
        else:
            for waiting, answer in zip(group, answers, strict=True):
                if not waiting.answer.done():
                    waiting.answer.set_result(answer)


def _refuse(group: Sequence[_Waiting], error: Exception) -> None:
    for waiting in group:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
