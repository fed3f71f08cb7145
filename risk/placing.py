"""Placing: from the UPRN or the postcode of a row to the area that the place counts it in."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from geo.place import Place
from risk.errors import RiskError

FURTHEST = 1500.0
"""Metres from the postcode of its row beyond which a UPRN is taken for a slip: nobody sees a wrong digit in one."""

BY_UPRN, BY_POSTCODE = "by UPRN", "by postcode"
CONTRADICTED = "by postcode, since the UPRN lies far from it"
NOWHERE = "not placed: neither UPRN nor postcode"
UNKNOWN = "not placed: UPRN or postcode not found"
OUTSIDE = "not placed: outside the place"


@dataclass(frozen=True)
class AreaFinder:
    """What is known of a place's addresses: each UPRN's and each postcode's point (metres).

    `uprns` is indexed by uprn, with x and y; `postcodes` by postcode without a blank, with x, y and area (missing where
    outside); `areas` has the areas' shapes by code.
    """

    uprns: pd.DataFrame = field(repr=False)
    postcodes: pd.DataFrame = field(repr=False)
    areas: pd.Series = field(repr=False)

    def place_rows(self, uprn: pd.Series, postcode: pd.Series) -> pd.DataFrame:
        """Return `area` (missing where not placed) and `how`, one of this module's sentences, for each row.

        `uprn` without leading zeros, `postcode` in capitals without a blank, both missing where not known.
        """
        home = self._homes(uprn)
        street = self.postcodes.reindex(postcode.astype("string"))
        apart = np.hypot(
            home["x"].to_numpy(float) - street["x"].to_numpy(float),
            home["y"].to_numpy(float) - street["y"].to_numpy(float),
        )
        far = apart > FURTHEST  # never where either is not known
        has_home, has_street = home["x"].notna().to_numpy(), street["x"].notna().to_numpy()
        by_home = has_home & ~far
        area = home["area"].where(by_home, street["area"].to_numpy())
        how = np.select(
            [by_home, has_street & far, has_street], [BY_UPRN, CONTRADICTED, BY_POSTCODE], default=UNKNOWN
        ).astype(object)
        how[(uprn.isna() & postcode.isna()).to_numpy()] = NOWHERE
        how[(by_home | has_street) & area.isna().to_numpy()] = OUTSIDE
        return pd.DataFrame({"area": area.to_numpy(), "how": how}, index=uprn.index).astype(
            {"area": "string"}
        )

    def _homes(self, uprn: pd.Series) -> pd.DataFrame:
        """Return x, y and area of each row's UPRN; a register holds many more than the rows ask for."""
        asked = self.uprns.reindex(uprn.dropna().unique()).dropna()
        points = shapely.points(asked.to_numpy(np.float64))
        point, area = shapely.STRtree(self.areas.to_numpy()).query(points, predicate="intersects")
        codes = pd.Series(self.areas.index[area], asked.index[point], dtype="string")
        return asked.assign(area=codes[~codes.index.duplicated()]).reindex(uprn)


def area_finder(place: Place, register: pd.DataFrame | None = None) -> AreaFinder:
    """Return the finder of a place, from its postcodes and an open register of addresses.

    `register` is as `check_register` returns it, in the place's metric CRS; without it only postcodes place a row.
    Terminated postcodes place rows too: records are old. RiskError where the place has no postcodes.
    """
    postcodes = place.postcodes()
    if postcodes is None:
        raise RiskError(f"{place.name} has no postcodes.", "Add the place with --postcodes FILE.")
    located = postcodes.dropna(subset=["x", "y"])
    index = located["postcode"].str.replace(" ", "").astype("string")
    streets = located.set_index(index)[["x", "y", "area"]]
    homes = register if register is not None else pd.DataFrame({"uprn": [], "x": [], "y": []})
    uprns = homes.set_index(homes["uprn"].astype("string"))[["x", "y"]]
    return AreaFinder(uprns, streets[~streets.index.duplicated()], pd.Series(place.areas().geometry))
