"""Small synthetic districts, read and linked once for these tests."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from geo.demo import ensure_demo
from geo.place import Place
from risk.extracts import Extract, read_extracts
from risk.linkage import Linked, link
from risk.placing import AreaFinder, area_finder
from risk.pseudonyms import Key
from risk.synthetic.district import synthesise
from risk.synthetic.options import BUT_POLICE, Options

KEY = Key("test", "a test", bytes(range(32)))


@dataclass(frozen=True)
class District:
    """A synthetic district's extracts, and what only its maker knows: truth by agency and record."""

    extracts: dict[str, Extract]
    finder: AreaFinder
    rows: pd.DataFrame
    children: pd.DataFrame

    def judged(self, linked: Linked) -> pd.DataFrame:
        """Return the linked records with `child` and `true_area` beside."""
        row = self.rows.groupby("agency").cumcount()  # as the extracts are written
        truth = self.rows.assign(row=row).rename(columns={"area": "true_area"})
        joined = linked.records.merge(truth, on=["agency", "row"])
        assert len(joined) == len(linked.records) == len(truth)
        return joined


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return ensure_demo(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def make_district(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., District]:
    def make(people: int, seed: int, **options: object) -> District:
        out: Path = tmp_path_factory.mktemp("district") / "demo"
        like = Options(police=False, **options)  # type: ignore[arg-type]
        made = synthesise(place, out, seed, people=people, options=like)
        return District(
            read_extracts(out, BUT_POLICE),
            area_finder(place, pd.read_csv(out / "uprn_register.csv")),
            pd.read_csv(made.truth / "rows.csv", dtype=str),
            pd.read_csv(made.truth / "children.csv", index_col="child"),
        )

    return make


@pytest.fixture(scope="session")
def district(make_district: Callable[..., District]) -> District:
    return make_district(3000, 5)


@pytest.fixture(scope="session")
def linked(district: District) -> Linked:
    return link(district.extracts, KEY, district.finder, seed=3)
