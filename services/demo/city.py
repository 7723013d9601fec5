"""Where the demo happens: grids and doors, read from files or made up."""

import csv
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import cos, radians, sin
from pathlib import Path
from typing import Any

from shapely.geometry import shape

from services.errors import CommandError

_METRES_PER_DEGREE = 111_195  # of latitude
_CENTRE = (29.872, 121.544)  # lat, lon of a town that does not exist
_BLOCK_M = 240
_DOOR_EVERY_M = 28
_KERB_M = 9

_STREETS = (
    ("中山路", "Zhongshan Road"),
    ("人民路", "Renmin Road"),
    ("解放路", "Jiefang Road"),
    ("建设路", "Jianshe Road"),
    ("和平路", "Heping Road"),
    ("文化路", "Wenhua Road"),
    ("学院路", "Xueyuan Road"),
    ("滨河路", "Binhe Road"),
    ("长江路", "Changjiang Road"),
    ("朝阳街", "Chaoyang Street"),
    ("桃园街", "Taoyuan Street"),
    ("柳荫街", "Liuyin Street"),
    ("槐树街", "Huaishu Street"),
    ("东风街", "Dongfeng Street"),
    ("新华街", "Xinhua Street"),
    ("青年街", "Qingnian Street"),
)
_NOTES = (
    "",
    "",
    "",
    "",
    "gate code 2580",
    "三楼,无电梯",
    "dog in the yard",
    "门铃坏了,请敲门",
    "entrance from the lane",
)


class BadCity(CommandError):
    """A file of grids or households cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A grid as the API takes it: `geometry` is a GeoJSON Polygon or MultiPolygon."""

    code: str
    name: str
    geometry: Mapping[str, Any]

    def middle(self) -> tuple[float, float]:
        """A point inside: (lat, lon)."""
        point = shape(self.geometry).representative_point()
        return point.y, point.x


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A household's place."""

    ref: str
    address: str
    lat: float
    lon: float
    access_notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    time_zone: str
    areas: tuple[Area, ...]
    doors: tuple[Door, ...]


def made_up_city(seed: int, *, columns: int = 4, rows: int = 3) -> City:
    """A small town of `columns` × `rows` grids (at most 7 × 7): crooked blocks, streets named in two languages, doors along them."""
    rng = random.Random(f"city {seed}")  # noqa: S311 - a town, not a secret
    to_degrees = _Projection(turn=radians(rng.uniform(-20, 20)))
    areas = tuple(_blocks(rng, columns, rows, to_degrees))
    doors = tuple(_doors(rng, columns, rows, to_degrees))
    return City(time_zone="Asia/Shanghai", areas=areas, doors=doors)


def read_city(grids: Path, households: Path, *, time_zone: str = "Europe/Paris") -> City:
    """A city from a GeoJSON FeatureCollection of polygons and a CSV of doors: `household_ref, lat, lon`, and where known
    `street, number, name, levels`. Raises BadCity naming the file and what is wrong."""
    areas = tuple(_read_areas(grids))
    doors = tuple(_read_doors(households))
    if not areas or not doors:
        raise BadCity(f"{households if areas else grids} is empty.")
    return City(time_zone=time_zone, areas=areas, doors=doors)


@dataclass(frozen=True, slots=True)
class _Projection:
    """Metres east and north of the centre, turned by an angle → degrees."""

    turn: float

    def __call__(self, east: float, north: float) -> tuple[float, float]:
        turned_east = east * cos(self.turn) - north * sin(self.turn)
        turned_north = east * sin(self.turn) + north * cos(self.turn)
        lat = _CENTRE[0] + turned_north / _METRES_PER_DEGREE
        return round(lat, 6), round(_CENTRE[1] + turned_east / (_METRES_PER_DEGREE * cos(radians(_CENTRE[0]))), 6)


def _blocks(rng: random.Random, columns: int, rows: int, to_degrees: _Projection) -> Iterator[Area]:
    corners = {
        (column, row): _corner(rng, column, row, columns, rows)
        for column in range(columns + 1)
        for row in range(rows + 1)
    }
    for row in range(rows):
        for column in range(columns):
            ring = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1), (column, row)]
            points = [to_degrees(*corners[at]) for at in ring]
            number = row * columns + column + 1
            yield Area(
                code=f"g-{number:02}",
                name=f"第{number}网格 Grid {number}",
                geometry={"type": "Polygon", "coordinates": [[[lon, lat] for lat, lon in points]]},
            )


def _corner(rng: random.Random, column: int, row: int, columns: int, rows: int) -> tuple[float, float]:
    """Inner corners lie a little off, so that no border is straight; outer ones leave room for the outermost doors."""
    east, north = _from_middle(column, columns), _from_middle(row, rows)
    margin = 3 * _KERB_M
    east += rng.uniform(-30, 30) if 0 < column < columns else margin * (1 if column else -1)
    north += rng.uniform(-30, 30) if 0 < row < rows else margin * (1 if row else -1)
    return east, north


def _from_middle(number: int, count: int) -> float:
    return (number - count / 2) * _BLOCK_M


def _doors(rng: random.Random, columns: int, rows: int, to_degrees: _Projection) -> Iterator[Door]:
    names = iter(rng.sample(_STREETS, columns + rows + 2))
    long, wide = columns * _BLOCK_M, rows * _BLOCK_M
    for row in range(rows + 1):
        yield from _street(
            rng, next(names), long, lambda at, off, row=row: to_degrees(at, _from_middle(row, rows) + off)
        )
    for column in range(columns + 1):
        yield from _street(
            rng, next(names), wide, lambda at, off, column=column: to_degrees(_from_middle(column, columns) + off, at)
        )


def _street(rng: random.Random, names: tuple[str, str], length: float, to_degrees: Any) -> Iterator[Door]:
    chinese, english = names
    for number in range(1, int(length / _DOOR_EVERY_M) * 2):
        if rng.random() < 0.15:  # a yard, a shop, a gap
            continue
        along = (number // 2 + 0.5) * _DOOR_EVERY_M - length / 2 + rng.uniform(-4, 4)
        lat, lon = to_degrees(along, _KERB_M if number % 2 else -_KERB_M)
        yield Door(
            ref=f"{english.split()[0].lower()}-{number}",
            address=f"{chinese}{number}号 ({number} {english})",
            lat=lat,
            lon=lon,
            access_notes=rng.choice(_NOTES),
        )


def _read_areas(path: Path) -> Iterator[Area]:
    try:
        features = json.loads(path.read_text())["features"]
        for number, feature in enumerate(features, start=1):
            code = str(feature.get("id") or feature["properties"].get("code") or f"g-{number:02}")
            name = str(feature["properties"].get("name") or code)
            yield Area(code=code, name=name, geometry=feature["geometry"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadCity(f"{path} is no GeoJSON FeatureCollection of grids: {error!r}") from error


def _read_doors(path: Path) -> Iterator[Door]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                street = " ".join(part for part in (row.get("number"), row.get("street")) if part)
                yield Door(
                    ref=row["household_ref"],
                    address=", ".join(part for part in (row.get("name"), street) if part) or row["household_ref"],
                    lat=float(row["lat"]),
                    lon=float(row["lon"]),
                    access_notes=f"{row['levels']} levels" if row.get("levels") else "",
                )
    except (OSError, ValueError, KeyError) as error:
        raise BadCity(f"{path} is no CSV of households: {error!r}") from error
