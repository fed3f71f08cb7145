"""Neighbours by hand on the town, and equal to libpysal's on real boundaries."""

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from libpysal.graph import Graph
from shapely import box, unary_union
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Point, Polygon

from geo import neighbours
from geo.adjacency import from_graph
from geo.errors import GeoError


def around(graph: Graph, code: str) -> set[str]:
    return set(graph[code].index)


def test_queen_and_rook_by_hand(town: gpd.GeoDataFrame) -> None:
    queen, rook = neighbours.queen(town), neighbours.rook(town)
    assert around(queen, "A1") == {"A2", "B1", "B2"}
    assert around(queen, "B2") == set(town.index) - {"B2"}
    assert around(rook, "B2") == {"A2", "B1", "B3", "C2"}
    assert queen.cardinalities.tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]


def test_equals_libpysal_with_an_island_a_hole_and_two_parts(town: gpd.GeoDataFrame) -> None:
    geometry = list(town.geometry)
    island = translate(box(0, 0, 50, 50), 5_000, 5_000)
    ring = Polygon(box(-500, -500, 800, 800).exterior, [unary_union(geometry).exterior.coords])
    far_part = MultiPolygon([geometry[0], box(9_000, 0, 9_100, 100)])
    areas = gpd.GeoDataFrame(
        geometry=[far_part, *geometry[1:], island, ring], index=[*town.index, "I", "R"], crs=town.crs
    )
    for rook, ours in ((False, neighbours.queen), (True, neighbours.rook)):
        theirs = Graph.build_contiguity(areas, rook=rook)
        assert ours(areas) == theirs
        assert ours(areas).adjacency.equals(theirs.adjacency)
    assert neighbours.queen(areas).isolates.tolist() == ["I"]


@pytest.mark.parametrize("layer", ["oa11", "oa21_approx", "lsoa21", "lsoa11", "msoa21", "ward25"])
def test_equals_libpysal_on_basildon(shared: Path, layer: str) -> None:
    areas = gpd.read_file(shared / "basildon" / "basildon_boundaries.gpkg", layer=layer)
    areas = areas.set_index(areas.columns[0])
    assert neighbours.queen(areas) == Graph.build_contiguity(areas, rook=False)
    assert neighbours.rook(areas) == Graph.build_contiguity(areas, rook=True)


@pytest.mark.long
def test_equals_libpysal_on_england_and_wales(shared: Path) -> None:
    areas = gpd.read_parquet(shared / "scale" / "oa21_approx_ew_27700.parquet").set_index("oa21cd")
    ours = neighbours.queen(areas)
    assert ours == Graph.build_contiguity(areas, rook=False)
    assert len(ours.isolates) == 5
    assert ours.cardinalities.max() == 39


def test_nearest_and_band_by_hand(town: gpd.GeoDataFrame) -> None:
    assert around(neighbours.knn(town, 3), "A1") == {"A2", "B1", "B2"}
    assert around(neighbours.band(town, 100), "B2") == {"A2", "B1", "B3", "C2"}
    assert around(neighbours.band(town, 142), "B2") == set(town.index) - {"B2"}
    assert neighbours.band(town, 99).n == 9
    assert len(neighbours.band(town, 99).isolates) == 9


def test_population_weighted_points_are_used_where_the_frame_has_them(town: gpd.GeoDataFrame) -> None:
    moved = town.assign(x=np.arange(9) * 1_000.0, y=0.0)
    assert around(neighbours.knn(moved, 1), "C3") == {"C2"}
    assert around(neighbours.band(moved, 1_000), "A3") == {"A2", "B1"}


def test_nearest_with_all_points_at_one_place() -> None:
    areas = gpd.GeoDataFrame(geometry=[Point(0, 0).buffer(1)] * 5, index=list("abcde"), crs="EPSG:27700")
    graph = neighbours.knn(areas, 2)
    assert (graph.cardinalities == 2).all()
    assert not any(code in around(graph, code) for code in areas.index)


def test_a_sliver_hides_a_neighbour_from_queen_but_not_from_near() -> None:
    areas = gpd.GeoDataFrame(
        geometry=[box(0, 0, 100, 100), box(100.4, 0, 200, 100)], index=["a", "b"], crs=27700
    )
    assert len(neighbours.queen(areas).isolates) == 2
    assert around(neighbours.near(areas, 1), "a") == {"b"}


def test_a_corner_in_the_middle_of_an_edge_is_seen_by_near_zero() -> None:
    areas = gpd.GeoDataFrame(
        geometry=[box(0, 0, 100, 100), box(100, 20, 200, 80)], index=["a", "b"], crs=27700
    )
    assert len(neighbours.queen(areas).isolates) == 2
    assert around(neighbours.near(areas, 0), "a") == {"b"}


def test_connectivity_reports_islands_parts_and_the_edge(town: gpd.GeoDataFrame) -> None:
    areas = gpd.GeoDataFrame(
        geometry=[*town.geometry, box(9_000, 0, 9_100, 100)], index=[*town.index, "I"], crs=town.crs
    )
    report = neighbours.connectivity(areas, neighbours.queen(areas))
    assert report.islands.tolist() == ["I"]
    assert report.components == 2
    assert set(report.on_the_edge) == set(areas.index) - {"B2"}
    assert "in 2 connected parts; 1 have none; 9 lie on the edge of the data" in report.sentence()


@pytest.mark.parametrize(("text", "kind", "size"), [
    ("queen", "queen", 0), (" Rook ", "rook", 0), ("knn:8", "knn", 8), ("band:1500", "band", 1500),
    ("near:0.5", "near", 0.5),
])  # fmt: skip
def test_rules_are_read(text: str, kind: str, size: float) -> None:
    assert neighbours.parse(text) == neighbours.Rule(kind, size)


@pytest.mark.parametrize(
    "text", ["", "bishop", "knn", "knn:0", "knn:1.5", "band:-3", "band:0", "queen:2", "band:1e3"]
)
def test_rules_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(GeoError):
        neighbours.parse(text)


def test_degrees_are_refused_where_metres_are_meant(town: gpd.GeoDataFrame) -> None:
    with pytest.raises(GeoError, match="WGS 84"):
        neighbours.band(town.to_crs(4326), 100)
    with pytest.raises(GeoError, match="without a CRS"):
        neighbours.knn(town.set_crs(None, allow_override=True), 2)


def test_missing_geometry_and_double_codes_are_named(town: gpd.GeoDataFrame) -> None:
    holed = town.copy()
    holed.loc[["A2", "C1"], "geometry"] = None
    with pytest.raises(GeoError) as caught:
        neighbours.queen(holed)
    assert [fault.value for fault in caught.value.faults] == ["A2", "C1"]
    twice = town.set_axis([*town.index[:-1], "A1"])
    with pytest.raises(GeoError, match="A1"):
        neighbours.queen(twice)
    with pytest.raises(GeoError, match="at most 8"):
        neighbours.knn(town, 9)


def test_a_graph_survives_the_way_there_and_back(town: gpd.GeoDataFrame) -> None:
    graph = neighbours.rook(town)
    assert from_graph(graph).to_graph() == graph
    assert from_graph(graph.transform("r")).weights is None
    assert from_graph(graph.assign_self_weight(1)).to_graph() == graph


def test_light_import() -> None:
    """Baking must not pay for PySAL: importing it takes seconds."""
    parts = "geo.hotspots, geo.neighbours, geo.stability, geo.rates"
    code = f"import sys, {parts}; print([m for m in ('libpysal', 'esda', 'matplotlib') if m in sys.modules])"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.long
def test_equals_libpysal_on_every_output_area_of_england_and_wales(shared: Path) -> None:
    source = shared / "scale" / "oa21_approx_ew_27700.parquet"
    areas = gpd.read_parquet(source, columns=["oa21cd", "geometry"]).set_index("oa21cd")
    ours = neighbours.find(areas, "queen")
    theirs = from_graph(Graph.build_contiguity(areas, rook=False)).reorder(areas.index)
    assert (ours.n, len(ours.islands)) == (188_880, 5)
    np.testing.assert_array_equal(ours.starts, theirs.starts)
    np.testing.assert_array_equal(ours.neighbours, theirs.neighbours)
