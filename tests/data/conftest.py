"""The files of the demo place, read once for the tests of a file."""

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import coo_array

from tests.data.demo_files import DEMO


@pytest.fixture(scope="module")
def areas() -> gpd.GeoDataFrame:
    return gpd.read_parquet(DEMO / "areas.parquet").set_index("code")


@pytest.fixture(scope="module")
def lookup() -> pd.DataFrame:
    return pd.read_csv(DEMO / "lookup.csv").set_index("oa21cd")


@pytest.fixture(scope="module")
def key() -> dict[str, Any]:
    return dict(json.loads((DEMO / "answer_key.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def neighbours(areas: gpd.GeoDataFrame) -> coo_array:
    shapes = areas.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    apart = one != other
    return coo_array(
        (np.ones(apart.sum()), (one[apart], other[apart])), shape=(len(areas), len(areas))
    ).tocsr()
