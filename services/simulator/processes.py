"""The same work on many things, over processes."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Protocol, TypeVar

A = TypeVar("A")
B = TypeVar("B")


class Spread(Protocol):
    """`map`, or one like it."""

    def __call__(self, work: Callable[[A], B], over: Iterable[A], /) -> Iterator[B]: ...


@contextmanager
def spread_over(processes: int) -> Iterator[Spread]:
    """`map` here, or over so many processes: started afresh, because a progress line has a thread."""
    if processes <= 1:
        yield map
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield pool.map
