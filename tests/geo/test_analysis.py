"""`larder hotspots`: a file in, a file out; what it holds, the same answers as the pieces."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from libpysal.graph import Graph

from geo.analysis import HotspotRequest, hotspots_of_file
from geo.errors import GeoError
from geo.hotspots import local_statistics
from geo.neighbours import queen
from tests.geo.asking import Ask, grid, read, refused
from words.fields import P_CONVENTION


@pytest.mark.parametrize("ending", ["gpkg", "parquet", "geojson", "csv", "shp"])
def test_every_format_holds_the_same_answers(ask: Ask, ending: str) -> None:
    frame = grid()
    summary = ask(frame, f"out.{ending}")
    got = read(summary.files[0])
    expected = local_statistics(frame.set_index("id")["score"], queen(frame.set_index("id")))
    assert got["id"].tolist() == frame["id"].tolist()
    for column in ("z", "p", "q"):
        assert got[column].to_numpy(dtype=float) == pytest.approx(expected[column].to_numpy(), abs=1e-12), (
            column
        )
    assert got["cluster"].tolist() == expected["cluster"].tolist()
    assert got["status"].tolist() == expected["status"].tolist()
    assert got["neighbours"].tolist() == expected["neighbours"].tolist()
    assert "hot" in set(got["cluster"])


def test_columns_are_those_promised(ask: Ask) -> None:
    plain = gpd.read_file(ask(grid()).files[0], layer="out")
    names = ["id", "value", "z", "p", "q", "cluster", "status", "neighbours", "geometry"]
    assert list(plain.columns) == names
    counted = gpd.read_file(
        ask(grid(), value="ill", population="people", stability=True).files[0], layer="out"
    )
    assert list(counted.columns) == ["id", "count", *names[1:-1], "stability", "geometry"]


def test_the_input_is_read_alike_from_every_format(ask: Ask) -> None:
    first = read(ask(grid(), "a.csv").files[0])
    for file in ("in.parquet", "in.geojson", "in.shp"):
        again = read(ask(grid(), "b.csv", file).files[0])
        assert again["p"].tolist() == first["p"].tolist(), file
        assert again["id"].tolist() == first["id"].tolist(), file


def test_an_indexed_geoparquet_keeps_its_ids(ask: Ask) -> None:
    got = read(ask(grid().set_index("id"), "out.csv", "in.parquet").files[0])
    assert got["id"].tolist() == grid()["id"].tolist()


def test_count_and_population_give_the_crude_rate(ask: Ask) -> None:
    frame = grid()
    got = read(ask(frame, "out.parquet", value="ill", population="people").files[0])
    assert got["count"].tolist() == frame["ill"].tolist()
    assert got["value"].tolist() == [ill / 100 for ill in frame["ill"]]


def test_areas_without_an_answer_say_why_and_hold_nothing_else(ask: Ask) -> None:
    frame = grid()
    frame["ill"] = frame["ill"].astype(float)
    frame.loc[0, "ill"] = np.nan
    frame.loc[1, ["ill", "people"]] = 0
    frame.loc[35, "geometry"] = shapely.box(5000, 5000, 5100, 5100)
    got = read(ask(frame, "out.parquet", value="ill", population="people", stability=True).files[0])
    assert got.loc[[0, 1, 35], "status"].tolist() == ["missing", "too few people", "island"]
    assert got.loc[[0, 1, 35], ["z", "p", "q", "cluster", "stability"]].isna().all(axis=None)
    others = got.drop([0, 1, 35])
    assert (others["status"] == "assessed").all()
    assert others[["z", "p", "q", "cluster", "stability"]].notna().all(axis=None)


def test_a_constant_column_has_a_status_and_no_p(ask: Ask) -> None:
    summary = ask(grid().assign(score=3.0), "out.parquet")
    assert summary.statuses == {"constant": 36}
    assert read(summary.files[0])["p"].isna().all()
    assert any("Moran's I has no answer: constant." in sentence for sentence in summary.sentences())


def test_local_moran_names_outliers_too(ask: Ask) -> None:
    frame = grid(8)
    frame.loc[9, "score"] = -9.0  # one low area among the high ones
    got = read(ask(frame, "out.parquet", statistic="local_moran").files[0])
    assert got.loc[9, "cluster"] == "low_high"
    assert read(ask(frame, "gi.parquet").files[0]).loc[9, "cluster"] == "hot"


def test_points_take_the_nearest(ask: Ask) -> None:
    frame = grid().set_geometry(grid().centroid)
    assert read(ask(frame, "out.parquet", neighbours="knn:8").files[0])["neighbours"].eq(8).all()
    assert read(ask(frame, "out.parquet", neighbours="band:150").files[0])["neighbours"].max() == 8
    said = refused(ask, frame)
    assert len(said) == 1
    assert "Points have no borders" in said[0]
    assert "--neighbours knn:8" in said[0]


def test_degrees_are_fine_for_borders_and_refused_for_metres(ask: Ask) -> None:
    frame = grid().set_geometry(grid().translate(570_000, 190_000)).to_crs("EPSG:4326")
    metres = read(ask(grid(), "m.csv").files[0])
    assert read(ask(frame, "d.csv").files[0])["p"].tolist() == metres["p"].tolist()
    said = refused(ask, frame, neighbours="knn:4")
    assert len(said) == 1
    assert "the file is in degrees" in said[0]
    assert "EPSG:27700" in said[0]


def test_the_summary_says_what_to_know(ask: Ask) -> None:
    said = "\n".join(ask(grid(), stability=True, value="ill", population="people").sentences())
    for part in (
        "in.gpkg: 36 areas by id; gi_star of ill / people (crude rate).",
        "Neighbours (queen): 6.11 on average, at most 8; 0 areas have none; 1 connected part.",
        "36 assessed.",
        "Clusters (q < 0.05): ",
        "Moran's I 0.",
        P_CONVENTION,
        "That is 36 tests here.",
        "Stability is the share of 10 ways of asking",
        "neighbours queen, rook, knn:6, knn:8, knn:10 x crude and empirical-Bayes standardised rate",
        "For open data only",
        "out.gpkg",
    ):
        assert part in said


def test_stability_is_a_share_of_the_grid(ask: Ask) -> None:
    got = read(ask(grid(), "out.parquet", stability=True).files[0])
    assert (got["stability"] * 5 % 1).abs().max() < 1e-12
    assert got["stability"].max() == 1.0
    assert got.loc[got["cluster"] == "cold", "stability"].max() == 0.0


@pytest.mark.parametrize("out", ["out.gpkg", "out.parquet", "out.shp", "out.csv"])
def test_a_file_that_names_no_crs_is_good_for_what_touches_what(ask: Ask, out: str) -> None:
    unnamed = grid().set_crs(None, allow_override=True)
    named = read(ask(grid(), "named.parquet").files[0])
    summary = ask(unnamed, out, file="nocrs.parquet", stability=True)
    assert read(summary.files[0])["p"].tolist() == pytest.approx(named["p"].tolist())
    assert "Nearest neighbours are not among them" in summary.grid


def test_whole_numbers_that_a_format_made_decimal_are_ids_too(ask: Ask) -> None:
    frame = grid().assign(id=np.arange(36.0))
    assert read(ask(frame, "out.parquet").files[0])["id"].tolist() == [str(number) for number in range(36)]


def test_published_areas_of_a_coordinate_system_of_their_own(shared: Path, tmp_path: Path) -> None:
    source = shared / "reference" / "spdata" / "columbus.gpkg"
    request = HotspotRequest(source, "POLYID", "CRIME", tmp_path / "out.gpkg", neighbours="queen")
    # esda 2.9, Moran(CRIME, Queen weights of this file's polygons, transformation "r").I: 0.5002
    assert hotspots_of_file(request, lambda _: None).moran.i == pytest.approx(0.500, abs=0.001)
    with pytest.raises(GeoError, match="no known place on Earth"):
        hotspots_of_file(replace(request, out=tmp_path / "out.geojson"), lambda _: None)


def test_a_crs_that_is_used_beyond_its_registered_area(shared: Path, tmp_path: Path) -> None:
    source = shared / "reference" / "guerry" / "Guerry.shp"
    found = hotspots_of_file(HotspotRequest(source, "dept", "Donatns", tmp_path / "out.shp"), lambda _: None)
    assert found.statuses == {"assessed": 85}


def test_real_areas_have_libpysals_neighbours(shared: Path, tmp_path: Path) -> None:
    source = shared / "basildon" / "basildon_boundaries.gpkg"
    out = tmp_path / "out.parquet"
    request = HotspotRequest(source, "oa21cd", "pop21", out, layer="oa21_approx")
    hotspots_of_file(request, lambda _: None)
    got = gpd.read_parquet(out).set_index("oa21cd")
    areas = gpd.read_file(source, layer="oa21_approx").set_index("oa21cd")
    graph = Graph.build_contiguity(areas, rook=False)
    assert got["neighbours"].tolist() == graph.cardinalities.loc[got.index].tolist()


@pytest.mark.long
@pytest.mark.parametrize("ending", ["gpkg", "parquet"])
def test_the_whole_country_file_to_file(shared: Path, tmp_path: Path, ending: str) -> None:
    areas = gpd.read_parquet(
        shared / "scale" / "oa21_approx_ew_27700.parquet", columns=["oa21cd", "pop21", "geometry"]
    )
    source, out = tmp_path / f"in.{ending}", tmp_path / f"out.{ending}"
    areas.to_parquet(source) if ending == "parquet" else areas.to_file(source, use_arrow=True)
    with pytest.raises(GeoError) as refused:
        hotspots_of_file(HotspotRequest(source, "oa21cd", "pop21", out), lambda _: None)
    assert [fault.row for fault in refused.value.faults] == [169_180, 171_825]
    summary = hotspots_of_file(HotspotRequest(source, "oa21cd", "pop21", out, mend=True), lambda _: None)
    got = read(out).set_index("oa21cd")
    areas["geometry"] = areas.make_valid(method="structure", keep_collapsed=False)
    graph = Graph.build_contiguity(areas.set_index("oa21cd"), rook=False)
    assert (got["neighbours"] == graph.cardinalities.reindex(got.index)).all()
    # five areas of these boundaries touch no other
    assert summary.statuses == {"assessed": 188_875, "island": 5}
