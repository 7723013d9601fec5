"""Grids, as JSON and as GeoJSON."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.fields import District, JsonObject, Payload, QueryBool
from shared.domain.grid import Grid
from shared.operations.grids import GridsRedrawn


class GridCollection(Payload):
    """GeoJSON (RFC 7946): Polygons and MultiPolygons in WGS 84. `properties.code`, else the feature's id, is a grid's code;
    `properties.name` its name."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: Literal["FeatureCollection"]
    features: Annotated[list[JsonObject], Field(max_length=5000)]


class GridsPut(Payload):
    district: District | None = None
    replace: Annotated[QueryBool, Field(description="remove the grids that are not named")] = False


class GridQuery(PageQuery):
    district: District | None = None
    q: Annotated[str, Field(min_length=1, max_length=100, description="part of the code or name")] | None = None


class GridOut(Payload):
    id: UUID
    district_id: UUID
    code: str
    name: str
    area_m2: float
    geometry: JsonObject
    created_at: datetime | None

    @classmethod
    def of(cls, grid: Grid) -> "GridOut":
        return cls(
            id=grid.id,
            district_id=grid.district_id,
            code=grid.code,
            name=grid.name,
            area_m2=round(grid.area_m2, 1),
            geometry=dict(grid.geometry),
            created_at=grid.created_at,
        )


class RedrawnOut(Payload):
    """How many grids were added, changed and removed, and how many households and open tasks lie in another one now."""

    added: int
    changed: int
    removed: int
    households_moved: int
    tasks_moved: int

    @classmethod
    def of(cls, redrawn: GridsRedrawn) -> "RedrawnOut":
        return cls(**{name: getattr(redrawn, name) for name in cls.model_fields})


def feature(grid: Grid) -> dict[str, Any]:
    """The grid as a GeoJSON Feature."""
    return {
        "type": "Feature",
        "id": grid.code,
        "properties": {"id": str(grid.id), "code": grid.code, "name": grid.name, "area_m2": round(grid.area_m2, 1)},
        "geometry": grid.geometry,
    }
