"""Specimens under any order of swabs, corrections, rounds, pick-ups, legs given up and workers that stop halfway."""

import asyncio
from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.standalone.postgres import EmbeddedPostgres
from shared.domain.clock import utc_now
from shared.domain.geography import Point
from shared.domain.ids import new_id
from shared.domain.specimens import PickUpPoint, is_specimen
from shared.domain.words import EndReason, Status
from shared.operations import holding
from shared.operations.pick_up_points import create_pick_up_point
from shared.store import districts, visits
from shared.store.connection import Connection, Pool, open_pool
from tests.city import LAT, LON, City, make_city, post
from tests.errands import errand_named, run_errands
from tests.phones import Phone, give, phone_of

ERRANDS = ("sort_specimens", "look_at_legs")
OFTEN = ("swab", "errands", "take_back")
STEPS = st.lists(
    st.sampled_from((*OFTEN, *OFTEN, "no_sample", "take_anew", "round", "die", "arrive", "deliver", "cancel")),
    min_size=8,
    max_size=30,
)


class Day:
    """A district in which steps happen one after the other; errands run at `now`, which only moves on and is ahead of what phones say."""

    def __init__(self, conn: Connection, city: City, phone: Phone) -> None:
        self.conn, self.city, self.phone = conn, city, phone
        self.now = utc_now()
        self.visits: list[UUID] = []  # the last word on each swab

    async def step(self, name: str) -> None:
        self.now = max(self.now, utc_now()) + timedelta(seconds=1)
        await getattr(self, f"_{name}")()

    async def _swab(self, sample: bool = True) -> None:
        (task_id,) = await post(self.conn, self.city, kind="home_swab", seed=len(self.visits))
        report = self.phone.visit(task_id, result={"sample_taken": sample})
        await self.phone.send(report)
        self.visits.append(report.id)

    async def _no_sample(self) -> None:
        await self._swab(sample=False)

    async def _correct(self, sample: bool) -> None:
        if not self.visits:
            return
        visit_id = self.visits.pop(0)
        answer_before = await self.conn.fetchval("SELECT count(*) FROM visits WHERE replaces_id = $1", visit_id)
        await self.phone.correct(visit_id, "seen_ok", {"sample_taken": sample})
        made = await self.conn.fetchval("SELECT id FROM visits WHERE replaces_id = $1", visit_id)
        assert answer_before == 0
        self.visits.append(made)

    async def _take_back(self) -> None:
        await self._correct(sample=False)

    async def _take_anew(self) -> None:
        await self._correct(sample=True)

    async def _round(self) -> None:
        self.now += timedelta(minutes=45)

    async def _errands(self) -> None:
        await run_errands(self.conn, self.now, *ERRANDS)

    async def _die(self) -> None:
        """A worker that finds work and stops before it has committed it."""
        errand = errand_named("sort_specimens")
        for row in await errand.find(self.conn, self.now, 2):
            halfway = self.conn.transaction()
            await halfway.start()
            await errand.deal(self.conn, row, self.now)
            await halfway.rollback()

    async def _leg(self) -> UUID | None:
        """The oldest leg whose task is open, with the phone's team."""
        row = await self.conn.fetchrow(
            """
            SELECT t.id, t.team_id FROM specimen_legs l JOIN tasks t ON t.id = l.task_id
             WHERE t.closed_at IS NULL AND l.district_id = $1 ORDER BY t.id LIMIT 1
            """,
            self.city.district_id,
        )
        if row is None:
            return None
        if row["team_id"] is None:
            await give(self.conn, self.city, self.city.team_ids[0], [row["id"]])
        leg_id: UUID = row["id"]
        return leg_id

    async def _arrive(self) -> None:
        if leg_id := await self._leg():
            await self.phone.arrive(leg_id)

    async def _deliver(self) -> None:
        if leg_id := await self._leg():
            await self.phone.visits(leg_id, result={"specimens_out": 1, "specimens_in": 1})

    async def _cancel(self) -> None:
        leg_id = await self._leg()
        district = await districts.select_district(self.conn, self.city.district_id)
        assert district is not None
        if leg_id is None:
            return
        async with self.conn.transaction():
            locked = await holding.lock(self.conn, [leg_id])
            await holding.close(
                self.conn,
                district,
                [locked[leg_id]],
                Status.CANCELLED,
                EndReason.CANCELLED,
                now=utc_now(),
            )

    async def check(self) -> None:
        district_id = self.city.district_id
        rows = await self.conn.fetch("SELECT id FROM visits WHERE district_id = $1", district_id)
        recorded = [visit for row in rows if (visit := await visits.select_visit(self.conn, row["id"]))]
        swabs = {visit.id for visit in recorded if is_specimen(visit) and "specimens_out" not in visit.result}
        on_legs = await self.conn.fetch(
            """
            SELECT s.visit_id, t.status, EXISTS (SELECT FROM assignments a WHERE a.task_id = t.id AND a.arrived_at IS NOT NULL) AS arrived
              FROM specimens s JOIN tasks t ON t.id = s.leg_id WHERE s.district_id = $1
            """,
            district_id,
        )
        assert swabs <= {row["visit_id"] for row in on_legs}
        beside = [row for row in on_legs if row["visit_id"] not in swabs]
        assert all(row["arrived"] or row["status"] == "completed" for row in beside), "only what is in the box stays"
        assert all(row["status"] != "cancelled" for row in on_legs)
        transports, legs = await self.conn.fetchrow(  # type: ignore[misc]  # one row, always
            """
            SELECT (SELECT count(*) FROM tasks t JOIN kinds k ON k.id = t.kind_id
                     WHERE t.district_id = $1 AND k.code = 'specimen_transport'),
                   (SELECT count(*) FROM specimen_legs WHERE district_id = $1)
            """,
            district_id,
        )
        assert transports == legs
        assert (
            await self.conn.fetchval("SELECT count(*) FROM specimens_to_sort WHERE district_id = $1", district_id) == 0
        )


async def go_through(pool: Pool, steps: list[str]) -> None:
    async with pool.acquire() as conn:
        city = await make_city(conn, teams=1)
        point = PickUpPoint(
            id=new_id(),
            district_id=city.district_id,
            household_id=new_id(),
            name="Gate",
            point=Point(LAT, LON),
            lab_address="Lab",
        )
        await create_pick_up_point(conn, point, now=utc_now(), account_id=None)
        day = Day(conn, city, await phone_of(pool, city.member_ids[1]))
        for step in steps:
            await day.step(step)
        for _ in range(3):
            await day.step("errands")
        await day.check()


def test_every_counted_swab_is_on_exactly_one_leg_and_no_leg_has_two_tasks(
    postgres: EmbeddedPostgres, template: str
) -> None:
    postgres.run_client("createdb", "-T", template, "specimens")
    url = postgres.url("specimens")
    with asyncio.Runner() as runner:
        pool = runner.run(open_pool(url, min_size=1, max_size=4, application_name="test"))

        @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(steps=STEPS)
        def any_order(steps: list[str]) -> None:
            runner.run(go_through(pool, steps))

        try:
            any_order()
        finally:
            pool.terminate()
    postgres.run_client("dropdb", "--force", "specimens")
