"""A city at the end of a shift, for tests of what is handed over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.clock import utc_now
from shared.store.connection import Connection
from tests.city import City, add_shift, make_city

ENDS_IN = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Evening:
    """Three teams at home in one grid: the first one's shift ends soon, the second's begins then, the third has none."""

    city: City
    ending: UUID
    following: UUID
    idle: UUID
    ends_at: datetime
    shift_id: UUID
    next_shift_id: UUID

    @property
    def later(self) -> datetime:
        """A moment after the end."""
        return self.ends_at + timedelta(seconds=1)


async def make_evening(conn: Connection) -> Evening:
    now = utc_now()
    city = await make_city(conn, teams=3, begins=now - timedelta(hours=7), accept_limit=20)
    ending, following, idle = city.team_ids
    ends_at = now + ENDS_IN
    await conn.execute(
        "UPDATE teams SET home_grid_id = (SELECT id FROM grids WHERE district_id = $1) WHERE district_id = $1",
        city.district_id,
    )
    await conn.execute("DELETE FROM shifts WHERE team_id = ANY($1)", [following, idle])
    shift_id = await conn.fetchval(
        "UPDATE shifts SET during = tstzrange(lower(during), $2) WHERE team_id = $1 RETURNING id", ending, ends_at
    )
    next_shift_id = await add_shift(conn, city.district_id, following, ends_at, ends_at + timedelta(hours=8))
    return Evening(
        city=city,
        ending=ending,
        following=following,
        idle=idle,
        ends_at=ends_at,
        shift_id=shift_id,
        next_shift_id=next_shift_id,
    )
