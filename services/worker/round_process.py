"""The solver in a process of its own, so that placing never waits for it and the worker stays small.

The two ends speak over the process's standard input and output: eight bytes of length, then a pickle; both ends are this module. The
process ends when its input does, and by an alarm when a round takes too long, so it outlives a killed worker only by the round it is at.
"""

import asyncio
import os
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, BinaryIO

from services.worker.kept_problems import Keeping, keep
from services.worker.planner.problem import Plan, Problem
from shared.log import describe

if TYPE_CHECKING:
    from services.worker.planner.evaluate import NewWalks
    from services.worker.planner.improve import Round

_LENGTH = 8
_START_LIMIT_S = 60.0
_READY = b"ready".ljust(_LENGTH)
_CODE = f"from {__name__} import main; main()"  # not by -m: pickles name the module that a class is from


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A problem to be improved, or its pending tasks to be placed together. `number` counts rounds: it is the seed, and turns the cuts."""

    problem: Problem
    number: int
    together: bool = False
    part_s: float  # each part at most, all passes
    parts_s: float  # all parts together
    limit_s: float  # the whole round: then the process ends, whatever it is at
    keeping: Keeping | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The plan, or what planning raised and where; and the name of what keeping the problem raised, if anything."""

    plan: Plan | None
    failed: Mapping[str, Any] = field(default_factory=dict)
    not_kept: str = ""


class RoundProcess:
    """The worker's end. Starts the process when it is first needed, and anew after it ended."""

    def __init__(self) -> None:
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """None: it does not run."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        """Have it run and its solver loaded. Raises TimeoutError, and what broken pipes raise."""
        if self.pid is not None:
            return
        try:
            async with asyncio.timeout(_START_LIMIT_S):
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-c", _CODE, stdin=PIPE, stdout=PIPE
                )
                await self._read(_LENGTH)
        except BaseException:
            await self.close()
            raise

    async def plan(self, order: Order) -> Answer:
        """What became of it; the process has to be started. Raises what broken pipes raise, and ends the process then."""
        try:
            content = pickle.dumps(order)
            await self._write(len(content).to_bytes(_LENGTH) + content)
            length = int.from_bytes(await self._read(_LENGTH))
            answer: Answer = pickle.loads(await self._read(length))  # noqa: S301 - from our own process
        except BaseException:
            await self.close()
            raise
        return answer

    async def close(self) -> None:
        """End the process, whatever it is at, and see it gone."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()

    async def _write(self, content: bytes) -> None:
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("the process was not started")
        self._process.stdin.write(content)
        await self._process.stdin.drain()

    async def _read(self, length: int) -> bytes:
        if self._process is None or self._process.stdout is None:
            raise RuntimeError("the process was not started")
        return await self._process.stdout.readexactly(length)


def main() -> None:
    """The process's end: answer orders until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, which then ends our input
    os.nice(10)  # placing goes first
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    from services.worker.planner import improve as _  # noqa: F401 - the solver is loaded in this process only, and before it is asked

    answers.write(_READY)
    answers.flush()
    while (order := _next(sys.stdin.buffer)) is not None:
        answer = pickle.dumps(_answer(order))
        answers.write(len(answer).to_bytes(_LENGTH) + answer)
        answers.flush()


def _next(orders: BinaryIO) -> Order | None:
    length = orders.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    order: Order = pickle.loads(orders.read(int.from_bytes(length)))  # noqa: S301 - from our own worker
    return order


def _answer(order: Order) -> Answer:
    not_kept = ""
    signal.setitimer(signal.ITIMER_REAL, order.limit_s)  # SIGALRM ends a process, in a solver that hangs too
    try:
        if order.keeping is not None:
            try:
                keep(order.problem, order.number, order.keeping)
            except OSError as error:
                not_kept = type(error).__name__
        return Answer(plan=_plan(order), not_kept=not_kept)
    except Exception as error:  # noqa: BLE001 - told to the worker, which goes on
        return Answer(plan=None, failed=describe(error), not_kept=not_kept)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _plan(order: Order) -> Plan:
    from services.worker.planner.alternatives import with_next_best
    from services.worker.planner.improve import ROUND_PASSES, TOGETHER_PASSES, improve, place_together
    from services.worker.planner.solver import Stop
    from services.worker.travel.great_circle import GreatCircle

    passes = TOGETHER_PASSES if order.together else ROUND_PASSES

    def run(improve_part: Callable[["Round"], "NewWalks"], rounds: Iterable["Round"]) -> Iterable["NewWalks"]:
        todo = list(rounds)
        stop = Stop(seconds=min(order.part_s, order.parts_s / max(1, len(todo))) / passes)
        return map(improve_part, (replace(part, stop=stop) for part in todo))

    seed, stop = order.number, Stop(seconds=order.part_s)
    if order.together:
        plan = place_together(order.problem, GreatCircle, seed=seed, stop=stop, run=run)
    else:
        plan = improve(order.problem, GreatCircle, seed=seed, stop=stop, turn=seed, passes=passes, run=run)
    return with_next_best(order.problem, plan, GreatCircle)
