"""Grids as people draw them: GeoJSON (RFC 7946), checked feature by feature and measured."""

from collections.abc import Iterator, Mapping, Sequence
from math import cos, radians
from typing import Any

from shapely import MultiPolygon, Polygon
from shapely.affinity import scale
from shapely.validation import explain_validity

from shared.domain.errors import FieldError, Invalid
from shared.domain.geography import EARTH_RADIUS_M
from shared.domain.grid import DrawnGrid, Ring, Shape

MOST_GRIDS = 5000
_WGS_84 = {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"}


class _Misdrawn(Exception):
    """The message says what is wrong, `loc` where in the feature."""

    def __init__(self, loc: str, problem: str) -> None:
        self.loc = loc
        super().__init__(problem)


def draw_grids(collection: Mapping[str, Any]) -> tuple[DrawnGrid, ...]:
    """The grids of a FeatureCollection of Polygons and MultiPolygons in WGS 84.

    `properties.code`, else the feature's id, is the code; `properties.name`, else the code, the name. Raises Invalid naming every bad
    feature. It takes about a second for 100,000 corners, so call it off the event loop.
    """
    features = _features(collection)
    drawn: list[DrawnGrid] = []
    errors: list[FieldError] = []
    codes: set[str] = set()
    for index, feature in enumerate(features):
        try:
            grid = _draw(feature)
            if grid.code in codes:
                raise _Misdrawn("properties.code", f"Two features have the code {grid.code}.")
        except _Misdrawn as wrong:
            errors.append(FieldError(in_="body", loc=f"features.{index}.{wrong.loc}".rstrip("."), msg=str(wrong)))
            continue
        codes.add(grid.code)
        drawn.append(grid)
    if errors:
        raise Invalid(errors=tuple(errors[:100]))
    return tuple(drawn)


def _features(collection: Mapping[str, Any]) -> Sequence[Any]:
    features = collection.get("features")
    crs = collection.get("crs")
    problem, loc = None, "features"
    if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
        problem = "Give a GeoJSON FeatureCollection."
    elif len(features) > MOST_GRIDS:
        problem = f"A district has at most {MOST_GRIDS} grids."
    elif crs is not None and _crs_name(crs) not in _WGS_84:
        problem, loc = "Give the coordinates in WGS 84 (RFC 7946, section 4).", "crs"
    if problem or not isinstance(features, list):
        raise Invalid(errors=(FieldError(in_="body", loc=loc, msg=problem or ""),))
    return features


def _crs_name(crs: Any) -> Any:
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    return properties.get("name") if isinstance(properties, Mapping) else None


def _draw(feature: Any) -> DrawnGrid:
    if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
        raise _Misdrawn("", "Give a GeoJSON Feature.")
    properties = feature.get("properties") or {}
    if not isinstance(properties, Mapping):
        raise _Misdrawn("properties", "Give an object.")
    code = _label(properties.get("code", feature.get("id")), "properties.code", most=63)
    name = _label(properties.get("name") or code, "properties.name", most=200)
    shapes = _shapes(feature.get("geometry"))
    area_m2 = sum(_area_m2(shape) for shape in shapes)
    if area_m2 <= 0:
        raise _Misdrawn("geometry", f"Grid {code} encloses nothing.")
    return DrawnGrid(code=code, name=name, geometry=_geometry(shapes), area_m2=area_m2, shapes=shapes)


def _label(value: Any, loc: str, *, most: int) -> str:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not 0 < len(text) <= most or not text.isprintable():
        raise _Misdrawn(loc, f"Give a text of 1 to {most} characters.")
    return text


def _shapes(geometry: Any) -> tuple[Shape, ...]:
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _Misdrawn("geometry.type", "Give a Polygon or a MultiPolygon.")
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise _Misdrawn("geometry.coordinates", "Give polygons: lists of rings.")
    shapes = tuple(_shape(polygon) for polygon in polygons)
    drawn = [Polygon(shape.outer, shape.holes) for shape in shapes]
    figure = drawn[0] if kind == "Polygon" else MultiPolygon(drawn)
    if not figure.is_valid:
        raise _Misdrawn("geometry", f"The outline is not simple: {explain_validity(figure)}.")
    return shapes


def _shape(polygon: Any) -> Shape:
    if not isinstance(polygon, list) or not polygon:
        raise _Misdrawn("geometry.coordinates", "A polygon has an outer ring.")
    outer, *holes = (tuple(_ring(ring)) for ring in polygon)
    return Shape(outer=outer, holes=tuple(holes))


def _ring(ring: Any) -> Iterator[tuple[float, float]]:
    if not isinstance(ring, list) or len(ring) < 4:
        raise _Misdrawn("geometry.coordinates", "A ring has four positions or more.")
    if ring[0] != ring[-1]:
        raise _Misdrawn("geometry.coordinates", "A ring ends where it begins.")
    for position in ring:
        if (
            not isinstance(position, list)
            or len(position) < 2
            or not all(_is_degree(*p) for p in zip(position, (180, 90), strict=False))
        ):
            raise _Misdrawn("geometry.coordinates", "A position is [longitude, latitude] in degrees, ±180 and ±90.")
        yield float(position[0]), float(position[1])


def _is_degree(value: Any, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most


def _area_m2(shape: Shape) -> float:
    """Area on a plane that touches the earth at the shape's middle: good to a thousandth for anything a team walks."""
    figure = Polygon(shape.outer, shape.holes)
    metres = radians(1) * EARTH_RADIUS_M
    middle = cos(radians(figure.centroid.y))
    return float(scale(figure, metres * middle, metres, origin=(0, 0)).area)


def _geometry(shapes: Sequence[Shape]) -> dict[str, Any]:
    polygons = [[_positions(ring) for ring in (shape.outer, *shape.holes)] for shape in shapes]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _positions(ring: Ring) -> list[list[float]]:
    return [[lon, lat] for lon, lat in ring]
