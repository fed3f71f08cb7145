"""Published figures, reproduced through our own functions; each says where it stands.

The figures of other packages are in their own constants: spdep's local I is ours x n / (n - 1), spdep leaves
islands out of n, pygeoda's local I is (n - 1) z_i lag_i / sum z^2 as ours.
"""

import bz2
import json
import struct
from pathlib import Path

import geopandas as gpd
import libpysal
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph, read_gal
from scipy.stats import norm
from shapely.geometry import Point

from geo import neighbours, rates
from geo.adjacency import from_graph
from geo.hotspots import local_statistics, moran


@pytest.fixture(scope="module")
def published(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "reference" / "published.csv")


def figure(published: pd.DataFrame, dataset: str, statistic: str, settings: str = "") -> float:
    rows = published[
        published["dataset"].str.startswith(dataset) & published["statistic"].str.startswith(statistic)
    ]
    rows = rows[rows["settings"].fillna("").str.contains(settings, regex=False)]
    assert len(rows) == 1, (dataset, statistic, settings)
    return float(rows["published"].iloc[0])


def one_tailed_normal(result: object) -> float:
    z = (result.i - result.expected) / np.sqrt(result.variance_normal)  # type: ignore[attr-defined]
    return float(norm.sf(z))


class TestSids:
    def test_from_the_wheel_without_network(self) -> None:
        """libpysal's own documentation: I of SIDR74 with sids2.gal is 0.248, p_norm 0.0001 two-tailed.

        esda.Moran's docstring prints 0.00011583330781.
        """
        folder = Path(libpysal.__file__).parent / "examples" / "sids2"
        counties = gpd.read_file(folder / "sids2.shp")
        graph = read_gal(folder / "sids2.gal")
        values = pd.Series(counties["SIDR74"].to_numpy(), index=graph.unique_ids)
        result = moran(values, graph)
        assert result.i == pytest.approx(0.24772519320480135, abs=1e-12)
        assert 2 * one_tailed_normal(result) == pytest.approx(0.0001158330781489969, rel=1e-9)

    def test_row_of_the_table(self, published: pd.DataFrame, shared: Path) -> None:
        counties = gpd.read_file(shared / "reference" / "sids2" / "sids2.shp")
        graph = read_gal(shared / "reference" / "sids2" / "sids2.gal")
        result = moran(pd.Series(counties["SIDR74"].to_numpy(), index=graph.unique_ids), graph)
        assert result.i == pytest.approx(figure(published, "NC SIDS sids2", "Moran I SIDR74"), abs=1e-12)
        assert one_tailed_normal(result) == pytest.approx(
            figure(published, "NC SIDS sids2", "p_norm"), rel=1e-9
        )

    def counties(self, shared: Path) -> tuple[pd.DataFrame, Graph]:
        frame = gpd.read_file(shared / "reference" / "spdata" / "sids.gpkg")
        lines = (shared / "reference" / "spdata" / "ncCC89.gal").read_text().splitlines()[1:]
        links = {
            int(head.split()[0]): [int(code) for code in tail.split()]
            for head, tail in zip(lines[::2], lines[1::2], strict=True)
        }
        frame = frame.assign(code=frame["FIPSNO"].astype(int)).set_index("code")
        lists = {code: links.get(code, []) for code in frame.index}
        return frame, Graph.from_dicts({code: near or [code] for code, near in lists.items()},
                                       {code: [1] * len(near) or [0] for code, near in lists.items()})  # fmt: skip

    def test_empirical_bayes_moran(self, published: pd.DataFrame, shared: Path) -> None:
        frame, graph = self.counties(shared)
        standardised = rates.eb_standardise(frame["SID74"].astype(float), frame["BIR74"].astype(float))
        result = moran(standardised, graph, row_standardised=False)
        islands = int((from_graph(graph).degrees == 0).sum())
        assert islands == 2
        expected = figure(published, "NC SIDS (100)", "EB Moran I")
        assert min(abs(result.i - expected), abs(result.i * 98 / 100 - expected)) < 5e-6

    def test_rate_where_spdep_leaves_islands_out_of_n(self, published: pd.DataFrame, shared: Path) -> None:
        frame, graph = self.counties(shared)
        rate = rates.crude(frame["SID74"].astype(float), frame["BIR74"].astype(float))
        result = moran(rate, graph, row_standardised=False)
        assert result.i * 98 / 100 == pytest.approx(
            figure(published, "NC SIDS (100)", "Moran I SID74"), abs=5e-6
        )


class TestGuerry:
    @pytest.mark.parametrize("column", ["Crm_prs", "Crm_prp"])
    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_local_moran(self, published: pd.DataFrame, shared: Path, column: str, place: int) -> None:
        """The statistic itself, from its z: I = E + z sd, with E and sd of Sokal's conditional law."""
        areas = gpd.read_file(shared / "reference" / "guerry" / "Guerry.shp")
        links = from_graph(neighbours.queen(areas))
        values = areas[column].astype(float)
        z = local_statistics(values, links, statistic="local_moran")["z"].to_numpy()
        own = ((values - values.mean()) / values.std(ddof=0)).to_numpy()
        n, k = len(values), links.degrees
        spread = np.sqrt(own**2 * n / (n - 2) * (1 / k - 1 / (n - 1)) * (1 - own**2 / (n - 1)))
        local = -(own**2) / (n - 1) + z * spread
        assert local[place] == pytest.approx(
            figure(published, "Guerry", f"Local Moran {column}[{place}]"), abs=1e-10
        )


class TestGetisToy:
    POINTS = ((10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30))
    VALUES = (2.0, 3.0, 3.2, 5.0, 8.0, 7.0)

    @pytest.mark.parametrize(("statistic", "name"), [("gi", "Gi z[0]"), ("gi_star", "Gi* z[0]")])
    def test_z(self, published: pd.DataFrame, statistic: str, name: str) -> None:
        areas = gpd.GeoDataFrame(geometry=[Point(at).buffer(1) for at in self.POINTS], crs="EPSG:27700")
        areas = areas.assign(x=[at[0] for at in self.POINTS], y=[at[1] for at in self.POINTS])
        answer = local_statistics(pd.Series(self.VALUES), neighbours.band(areas, 15), statistic=statistic)
        assert answer["z"].iloc[0] == pytest.approx(figure(published, "Getis toy", name), abs=5e-8)


class TestRemoteSensing:
    @pytest.mark.parametrize("metres", [30, 60, 90, 120, 150])
    def test_gi_z_at_cell_120(self, published: pd.DataFrame, shared: Path, metres: int) -> None:
        z = self.z(shared, metres, "gi")
        assert z == pytest.approx(self.row(published, f"Gi z at cell 120 d={metres}"), abs=1e-6)

    def test_gi_star_z_at_cell_120(self, published: pd.DataFrame, shared: Path) -> None:
        assert self.z(shared, 30, "gi_star") == pytest.approx(
            self.row(published, "Gi* z at cell 120 d=30"), abs=1e-5
        )

    def row(self, published: pd.DataFrame, statistic: str) -> float:
        return float(published.loc[published["statistic"] == statistic, "published"].iloc[0])

    def z(self, shared: Path, metres: int, statistic: str) -> float:
        data = bz2.decompress((shared / "reference" / "spdata" / "getisord.rda").read_bytes())
        x, y, values = columns(data, b"go_xyz")
        areas = gpd.GeoDataFrame(
            {"x": x, "y": y}, geometry=gpd.points_from_xy(x, y).buffer(1), crs="EPSG:27700"
        )
        answer = local_statistics(pd.Series(values), neighbours.band(areas, metres), statistic=statistic)
        return float(answer["z"].iloc[119])


def columns(data: bytes, name: bytes) -> list[np.ndarray]:
    """Read the columns of doubles of one data frame from an R data file."""
    start = data.index(name) + len(name) + 8
    found = []
    for _ in range(3):
        kind, length = struct.unpack(">ii", data[start : start + 8])
        assert kind & 0xFF == 14
        found.append(np.frombuffer(data, dtype=">f8", count=length, offset=start + 8).astype(float))
        start += 8 + 8 * length
    return found


class TestColumbus:
    def crime(self, shared: Path) -> tuple[pd.Series, Graph]:
        folder = shared / "reference" / "columbus"
        lists = json.loads((folder / "col_nb.json").read_text())["COL.nb_zero_based"]
        crime = pd.read_csv(folder / "col_old.csv")["CRIME"].astype(float)
        return crime, Graph.from_dicts({int(area): near for area, near in lists.items()})

    def test_row_standardised(self, published: pd.DataFrame, shared: Path) -> None:
        result = moran(*self.crime(shared))
        assert result.i == pytest.approx(figure(published, "Columbus", "Moran I CRIME", "style W"), abs=1e-9)
        assert result.variance == pytest.approx(
            figure(published, "Columbus", "Var(I) randomisation"), abs=1e-9
        )
        assert result.variance_normal == pytest.approx(
            figure(published, "Columbus", "Var(I) normality"), abs=1e-9
        )
        assert result.p / 2 == pytest.approx(figure(published, "Columbus", "p one-sided"), rel=1e-3)

    def test_binary(self, published: pd.DataFrame, shared: Path) -> None:
        result = moran(*self.crime(shared), row_standardised=False)
        assert result.i == pytest.approx(figure(published, "Columbus", "Moran I CRIME", "style B"), abs=1e-8)
