"""Grids as people draw them."""

from math import inf, nan
from typing import Any

import pytest

from shared.domain.errors import Invalid
from shared.operations.shapes import draw_grids

SQUARE = [[121.40, 31.20], [121.41, 31.20], [121.41, 31.21], [121.40, 31.21], [121.40, 31.20]]
HOLE = [[121.404, 31.204], [121.406, 31.204], [121.406, 31.206], [121.404, 31.206], [121.404, 31.204]]
BOW_TIE = [[121.40, 31.20], [121.41, 31.21], [121.41, 31.20], [121.40, 31.21], [121.40, 31.20]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry: Any, code: Any = "g1", **rest: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code, "name": "Garden Road"}, "geometry": geometry, **rest}


def collection(*features: Any, **rest: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **rest}


def test_a_square_kilometre_measures_about_one() -> None:
    (grid,) = draw_grids(collection(feature(polygon(SQUARE))))
    assert grid.code == "g1"
    assert grid.name == "Garden Road"
    # 0.01° of latitude is 1112 m, of longitude at 31.2° north 951 m.
    assert grid.area_m2 == pytest.approx(1112 * 951, rel=0.002)


def test_a_hole_takes_its_area_away() -> None:
    (whole,) = draw_grids(collection(feature(polygon(SQUARE))))
    (holed,) = draw_grids(collection(feature(polygon(SQUARE, HOLE))))
    assert holed.area_m2 == pytest.approx(whole.area_m2 * 0.96, rel=1e-3)
    assert len(holed.shapes[0].holes) == 1


def test_the_code_may_be_the_feature_s_id_and_a_number() -> None:
    (grid,) = draw_grids(collection({"type": "Feature", "id": 17, "properties": None, "geometry": polygon(SQUARE)}))
    assert (grid.code, grid.name) == ("17", "17")


def test_heights_are_left_out() -> None:
    (grid,) = draw_grids(collection(feature(polygon([[*position, 12.5] for position in SQUARE]))))
    assert grid.geometry["coordinates"] == [SQUARE]


def test_several_polygons_are_one_grid() -> None:
    far = [[lon + 0.1, lat] for lon, lat in SQUARE]
    (grid,) = draw_grids(collection(feature({"type": "MultiPolygon", "coordinates": [[SQUARE], [far]]})))
    assert len(grid.shapes) == 2
    assert grid.geometry["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    ("wrong", "loc"),
    [
        (feature(polygon(BOW_TIE)), "features.1.geometry"),
        (feature(polygon(SQUARE[:-1])), "features.1.geometry.coordinates"),
        (feature(polygon(SQUARE[:3])), "features.1.geometry.coordinates"),
        (feature(polygon([[nan, 31.2], *SQUARE[1:]])), "features.1.geometry.coordinates"),
        (feature(polygon([[121.4, inf], *SQUARE[1:]])), "features.1.geometry.coordinates"),
        (feature(polygon([[lat, lon] for lon, lat in SQUARE])), "features.1.geometry.coordinates"),
        (feature(polygon([["a", "b"]] * 4)), "features.1.geometry.coordinates"),
        (feature(polygon([[121.4]] * 4)), "features.1.geometry.coordinates"),
        (feature(polygon([[121.4, 31.2]] * 4)), "features.1.geometry"),
        (feature(polygon()), "features.1.geometry.coordinates"),
        (feature({"type": "Point", "coordinates": [121.4, 31.2]}), "features.1.geometry.type"),
        (feature({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}), "features.1.geometry"),
        (feature(None), "features.1.geometry.type"),
        (feature(polygon(SQUARE), code=""), "features.1.properties.code"),
        (feature(polygon(SQUARE), code=None), "features.1.properties.code"),
        (feature(polygon(SQUARE), code="a\u0000"), "features.1.properties.code"),
        (feature(polygon(SQUARE), code="x" * 64), "features.1.properties.code"),
        (feature(polygon(SQUARE), code="good"), "features.1.properties.code"),
        ("no feature", "features.1"),
    ],
)
def test_a_bad_feature_is_named(wrong: Any, loc: str) -> None:
    with pytest.raises(Invalid) as refused:
        draw_grids(collection(feature(polygon(SQUARE), code="good"), wrong))
    assert [error.loc for error in refused.value.errors] == [loc]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"type": "FeatureCollection"},
        {"type": "FeatureCollection", "features": {}},
        {"type": "Feature", "features": []},
        collection(crs={"type": "name", "properties": {"name": "EPSG:3857"}}),
        collection(*[{}] * 5001),
    ],
)
def test_what_is_no_collection_of_grids_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        draw_grids(wrong)
