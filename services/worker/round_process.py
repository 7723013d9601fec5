"""The solver in a process of its own, so that placing never waits for it and the worker stays small.

The two ends speak over the process's standard input and output: eight bytes of length, then a pickle; both ends are this module. The
process ends when its input does, so it outlives a killed worker only by the round it is at.
"""

import asyncio
import os
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from typing import BinaryIO

from services.worker.planner.problem import Plan, Problem

_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A problem to be improved, each part of it for at most `seconds`."""

    problem: Problem
    seed: int
    turn: int
    seconds: float


class RoundProcess:
    """The worker's end. Starts the process when it is first needed, and anew after it broke."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def plan(self, order: Order) -> Plan:
        """The improved plan. Raises RuntimeError where planning failed, and what broken pipes raise."""
        try:
            answer = await self._ask(pickle.dumps(order))
        except BaseException:
            self.close()
            raise
        if isinstance(answer, Plan):
            return answer
        raise RuntimeError(answer)

    def close(self) -> None:
        """End the process, whatever it is at."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        self._process = None

    async def _ask(self, order: bytes) -> Plan | str:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "services.worker.round_process", stdin=PIPE, stdout=PIPE
            )
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            raise RuntimeError("the process has no pipes")
        to.write(len(order).to_bytes(_LENGTH) + order)
        await to.drain()
        length = int.from_bytes(await back.readexactly(_LENGTH))
        answer: Plan | str = pickle.loads(await back.readexactly(length))  # noqa: S301 - from our own process
        return answer


def main() -> None:
    """The process's end: answer orders until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, which then ends our input
    os.nice(10)  # placing goes first
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    while (order := _read(sys.stdin.buffer)) is not None:
        answer = pickle.dumps(_plan(order))
        answers.write(len(answer).to_bytes(_LENGTH) + answer)
        answers.flush()


def _read(orders: BinaryIO) -> Order | None:
    length = orders.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    order: Order = pickle.loads(orders.read(int.from_bytes(length)))  # noqa: S301 - from our own worker
    return order


def _plan(order: Order) -> Plan | str:
    from services.worker.planner.improve import improve  # the solver is loaded in this process only
    from services.worker.planner.solver import Stop
    from services.worker.travel.great_circle import GreatCircle

    try:
        return improve(order.problem, GreatCircle, seed=order.seed, stop=Stop(seconds=order.seconds), turn=order.turn)
    except Exception as error:  # noqa: BLE001 - told to the worker, which goes on
        return type(error).__name__


if __name__ == "__main__":
    main()
