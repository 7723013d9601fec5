"""The errands of the worker at a time of the test's own choosing, as sweeps run them."""

from datetime import datetime

from services.worker.errands import ERRANDS, Errand
from shared.store.connection import Connection

MOST_AT_ONCE = 200


def errand_named(name: str) -> Errand:
    return next(errand for errand in ERRANDS if errand.name == name)


async def run_errands(conn: Connection, now: datetime, *names: str) -> int:
    """Deal with all that is due at `now` of these errands (none named: of all), in the order of the table. How many rows there were."""
    dealt = 0
    for errand in [errand_named(name) for name in names] or ERRANDS:
        for row in await errand.find(conn, now, MOST_AT_ONCE):
            await errand.deal(conn, row, now)
            dealt += 1
    return dealt
