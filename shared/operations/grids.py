"""A district's grids, drawn anew: what lies where follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.domain.errors import NotFound
from shared.domain.grid import DrawnGrid
from shared.store import districts, grids, tasks, teams
from shared.store.connection import Connection
from shared.store.constraints import domain_errors
from shared.store.events import NewEvent, insert_events


@dataclass(frozen=True, slots=True, kw_only=True)
class GridsRedrawn:
    """How many grids were added, changed and removed, and how many households and open tasks lie in another one now."""

    added: int
    changed: int
    removed: int
    households_moved: int
    tasks_moved: int


async def redraw_grids(
    conn: Connection,
    district_id: UUID,
    drawn: Sequence[DrawnGrid],
    *,
    replace: bool,
    now: datetime,
    account_id: UUID | None,
) -> GridsRedrawn:
    """Write these grids by their codes; with `replace`, the district's others are removed.

    Households and open tasks go into the smallest grid that holds their point now, and everything that waits is looked at again. Locks the
    teams that lose their home grid, then tasks. Raises NotFound.
    """
    with domain_errors():
        async with conn.transaction():
            if await districts.lock_district(conn, district_id) is None:
                raise NotFound
            written = await grids.upsert_grids(conn, district_id, drawn)
            codes = [grid.code for grid in drawn]
            removed = await grids.select_grid_ids_except(conn, district_id, codes) if replace else []
            await teams.lock_teams_living_in(conn, removed)
            await grids.delete_shapes(conn, [*(grid_id for grid_id, _ in written.values()), *removed])
            await grids.insert_shapes(conn, [(written[grid.code][0], shape) for grid in drawn for shape in grid.shapes])
            added = sum(is_new for _, is_new in written.values())
            redrawn = GridsRedrawn(
                added=added,
                changed=len(written) - added,
                removed=len(removed),
                households_moved=await grids.update_households_to_grids(conn, district_id),
                tasks_moved=await grids.update_open_tasks_to_grids(conn, district_id, now),
            )
            await grids.delete_grids(conn, removed)
            await _tell(conn, district_id, redrawn, now, account_id)
            await tasks.update_plan_at_for_district(conn, district_id, now)
            return redrawn


async def _tell(
    conn: Connection, district_id: UUID, redrawn: GridsRedrawn, now: datetime, account_id: UUID | None
) -> None:
    event = NewEvent(
        district_id=district_id,
        at=now,
        name="grids.changed",
        account_id=account_id,
        data={"added": redrawn.added, "changed": redrawn.changed, "removed": redrawn.removed},
    )
    await insert_events(conn, [event])
