"""Households and subjects by the thousand: each door and person once, nothing known ever blanked."""

import asyncio
import random
import time
from typing import Any

import pytest

from shared.domain.clock import utc_now
from shared.domain.household import Household, Subject, door_key, person_key
from shared.domain.ids import new_id
from shared.operations.grids import redraw_grids
from shared.operations.shapes import draw_grids
from shared.store.connection import Connection, Pool
from shared.store.households import upsert_households
from shared.store.subjects import upsert_subjects
from tests.city import LAT, LON, City, make_city


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=0)


def household(city: City, **known: Any) -> Household:
    mention = Household(**{"id": new_id(), "district_id": city.district_id, "door": "", **known})
    return Household(
        **{
            **{
                name: getattr(mention, name)
                for name in ("id", "district_id", "ref", "address", "lat", "lon", "access_notes")
            },
            "door": door_key(mention.ref, mention.address, mention.lat, mention.lon),
        }
    )


def subject(city: City, **known: Any) -> Subject:
    person = person_key(known.get("ref"), known.get("phone", ""), known.get("name", ""), "")
    return Subject(id=new_id(), district_id=city.district_id, person=person, **known)


async def test_the_second_mention_of_a_door_finds_the_first(conn: Connection, city: City) -> None:
    (first,) = await upsert_households(conn, city.district_id, [household(city, ref="H", lat=LAT, lon=LON)])
    (again,) = await upsert_households(conn, city.district_id, [household(city, ref="H")])
    assert again["id"] == first["id"]
    assert (again["lat"], again["lon"], again["grid_id"]) == (LAT, LON, first["grid_id"])
    assert first["grid_id"] is not None
    assert not again["moved"]


async def test_what_a_later_mention_knows_is_added_and_nothing_blanked(conn: Connection, city: City) -> None:
    await upsert_households(conn, city.district_id, [household(city, ref="H", address="Garden Road 1")])
    (found,) = await upsert_households(
        conn, city.district_id, [household(city, ref="H", lat=LAT, lon=LON, access_notes="code 12")]
    )
    row = await conn.fetchrow("SELECT address, access_notes FROM households")
    assert row is not None
    assert tuple(row) == ("Garden Road 1", "code 12")
    assert found["moved"]
    assert found["grid_id"] is not None


async def test_a_point_outside_every_grid_has_none(conn: Connection, city: City) -> None:
    (found,) = await upsert_households(conn, city.district_id, [household(city, lat=0.0, lon=0.0)])
    assert found["grid_id"] is None


async def test_ten_thousand_doors_in_a_thousand_grids_take_about_a_second(conn: Connection, city: City) -> None:
    size = 0.002
    drawn = draw_grids(
        {"type": "FeatureCollection", "features": [_cell(i, j, size) for i in range(32) for j in range(32)]}
    )
    await redraw_grids(conn, city.district_id, drawn, replace=True, now=utc_now(), account_id=None)
    chance = random.Random(3)
    took = []
    for batch in range(3):
        mentions = [
            household(
                city, ref=f"H-{batch}-{n}", lat=LAT + chance.random() * 32 * size, lon=LON + chance.random() * 32 * size
            )
            for n in range(10_000)
        ]
        chance.shuffle(mentions)
        began = time.perf_counter()
        found = await upsert_households(conn, city.district_id, mentions)
        took.append(time.perf_counter() - began)
        assert len({row["id"] for row in found}) == 10_000
        assert all(row["grid_id"] is not None for row in found)
    assert min(took) < 4, f"{took} s; about 0.6 s where this was measured, the others' work beside it left out"


def _cell(i: int, j: int, size: float) -> dict[str, Any]:
    west, south = LON + j * size, LAT + i * size
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return {
        "type": "Feature",
        "properties": {"code": f"{i}-{j}"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


async def test_batches_that_name_the_same_doors_in_other_orders_never_lock_each_other_out(
    pool: Pool, conn: Connection, city: City
) -> None:
    chance = random.Random(5)

    async def write(_: int) -> None:
        mentions = [household(city, ref=f"H-{n}", address="somewhere") for n in range(300)]
        chance.shuffle(mentions)
        async with pool.acquire() as own:
            await upsert_households(own, city.district_id, mentions)

    async with asyncio.timeout(30):
        await asyncio.gather(*(write(n) for n in range(8)))
    assert await conn.fetchval("SELECT count(*) FROM households") == 300


async def test_batches_that_make_the_same_doors_and_people_at_once_all_find_them(
    pool: Pool, conn: Connection, city: City
) -> None:
    async def write(number: int) -> None:
        doors = [household(city, ref=f"H-{number}-{n}", address="somewhere") for n in range(50)]
        people = [subject(city, ref=f"S-{number}-{n}", name="Li Na") for n in range(50)]
        async with pool.acquire() as own:
            await upsert_households(own, city.district_id, doors)
            await upsert_subjects(own, city.district_id, people)

    for number in range(40):
        await asyncio.gather(*(write(number) for _ in range(8)))
    assert await conn.fetchval("SELECT count(*) FROM households") == 2000
    assert await conn.fetchval("SELECT count(*) FROM subjects") == 2000


async def test_the_second_mention_of_a_person_adds_flags_and_keeps_the_name(conn: Connection, city: City) -> None:
    (first,) = await upsert_subjects(
        conn, city.district_id, [subject(city, ref="S", name="Li Na", flags={"language": "en"})]
    )
    (again,) = await upsert_subjects(
        conn, city.district_id, [subject(city, ref="S", phone="138", flags={"no_smartphone": True})]
    )
    assert first["id"] == again["id"]
    row = await conn.fetchrow("SELECT name, phone, flags FROM subjects")
    assert row is not None
    assert tuple(row) == ("Li Na", "138", {"language": "en", "no_smartphone": True})
