"""A grid: the smallest area of responsibility, a polygon."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

Ring: TypeAlias = tuple[tuple[float, float], ...]  # (lon, lat), the first point again at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One polygon of a grid: a point is in it when the outer ring holds it and no hole does."""

    outer: Ring
    holes: tuple[Ring, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One row of `grids`. `geometry` is a GeoJSON Polygon or MultiPolygon in WGS 84."""

    id: UUID
    district_id: UUID
    code: str
    name: str
    geometry: Mapping[str, Any]
    area_m2: float
    created_at: datetime | None = None  # None: not stored yet


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnGrid:
    """A grid as somebody drew it: checked, measured, not stored yet."""

    code: str
    name: str
    geometry: Mapping[str, Any]
    area_m2: float
    shapes: tuple[Shape, ...]
