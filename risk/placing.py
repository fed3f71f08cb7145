"""Placing: from the UPRN or the postcode of a row to the area that the place counts it in."""

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.place import Place
from risk.errors import RiskError
from risk.register import check_register

FURTHEST = 1500.0
"""Metres from the postcode of its row beyond which a UPRN is taken for a slip: nobody sees a wrong digit in one."""

BY_UPRN, BY_POSTCODE = "by UPRN", "by postcode"
CONTRADICTED = "by postcode, since the UPRN lies far from it"
NOWHERE = "not placed: neither UPRN nor postcode"
UNKNOWN = "not placed: UPRN or postcode not found"
OUTSIDE = "not placed: outside the place"


@dataclass(frozen=True)
class AreaFinder:
    """What is known of a place's addresses: each UPRN's and each postcode's point (metres) and area.

    Both tables are indexed, by uprn and by postcode without a blank, with x, y and area (missing where outside).
    """

    uprns: pd.DataFrame = field(repr=False)
    postcodes: pd.DataFrame = field(repr=False)

    def place_rows(self, uprn: pd.Series, postcode: pd.Series) -> pd.DataFrame:
        """Return `area` (missing where not placed) and `how`, one of this module's sentences, for each row.

        `uprn` without leading zeros, `postcode` in capitals without a blank, both missing where not known.
        """
        home = self.uprns.reindex(uprn.astype("string"))
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


def area_finder(place: Place, register: pd.DataFrame | None = None) -> AreaFinder:
    """Return the finder of a place, from its postcodes and an open register of addresses.

    `register` has uprn, x and y in the place's metric CRS, or the columns UPRN, X_COORDINATE and Y_COORDINATE of OS
    Open UPRN; without it only postcodes place a row. Terminated postcodes place rows too: records are old.

    RiskError where the place has no postcodes, or the register lacks a column, repeats a UPRN or is in degrees.
    """
    postcodes = place.postcodes()
    if postcodes is None:
        raise RiskError(f"{place.name} has no postcodes.", "Add the place with --postcodes FILE.")
    located = postcodes.dropna(subset=["x", "y"])
    index = located["postcode"].str.replace(" ", "").astype("string")
    streets = located.set_index(index)[["x", "y", "area"]]
    homes = check_register(register) if register is not None else pd.DataFrame({"uprn": [], "x": [], "y": []})
    points = gpd.GeoDataFrame(homes, geometry=gpd.points_from_xy(homes["x"], homes["y"]), crs=place.crs)
    areas = place.areas()[["geometry"]].rename_axis("area").reset_index()
    found = points.sjoin(areas, how="left", predicate="intersects").drop_duplicates("uprn")
    uprns = found.set_index(found["uprn"].astype("string"))[["x", "y", "area"]]
    return AreaFinder(pd.DataFrame(uprns), streets[~streets.index.duplicated()])
