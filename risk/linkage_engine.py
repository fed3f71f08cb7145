"""Linkage engines: DuckDB as it comes and Spark when asked, each with all that it spills in the private folder."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, get_args

import duckdb
import pandas as pd
from splink import DuckDBAPI
from splink.internals.database_api import DatabaseAPI
from splink.internals.splink_dataframe import SplinkDataFrame

from risk.errors import RiskError
from risk.spark import spark_session

EngineName = Literal["duckdb", "spark"]
ENGINES: tuple[str, ...] = get_args(EngineName)


class Engine:
    """One engine, open: `register` hands it the records, `name` is the dialect of its settings."""

    def __init__(self, name: EngineName, api: DatabaseAPI[Any], private: Path) -> None:
        self.name: EngineName = name
        self._api = api
        self._private = private

    def register(self, records: pd.DataFrame) -> SplinkDataFrame:
        """Return the records as a table of the engine, missing values as NULL."""
        path = self._private / "records.parquet"
        records.to_parquet(path, index=False)
        if self.name == "duckdb":
            # a table, so that the file with names is not needed again
            assert isinstance(self._api, DuckDBAPI)
            self._api.duckdb_con.execute(
                "CREATE OR REPLACE TABLE larder_records AS FROM read_parquet(?)", [str(path)]
            )
            path.unlink()
            return self._api.register("larder_records")
        return self._api.register(self._api.spark.read.parquet(str(path)))  # type: ignore[attr-defined]


@contextmanager
def open_engine(name: str, private: Path, *, threads: int = 2, memory: str = "4GB") -> Iterator[Engine]:
    """Open an engine whose every temporary file lies in `private`, and end it afterwards.

    `memory` is what it may hold before it spills. RiskError where the engine is not known or not installed.
    """
    # Splink tells of its progress by way of logging; nothing it says is wanted on a screen
    logging.getLogger("splink").setLevel(logging.ERROR)
    if name == "duckdb":
        spill = private / "duckdb"
        spill.mkdir(mode=0o700, exist_ok=True)
        settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads,
            "memory_limit": memory,
            "temp_directory": str(spill),
        }
        with duckdb.connect(":memory:", config=settings) as connection:
            yield Engine("duckdb", DuckDBAPI(connection), private)
    elif name == "spark":
        with spark_session(private, threads=threads, memory=memory) as session:
            # an extra that few need
            from splink import SparkAPI  # noqa: PLC0415

            api = SparkAPI(  # type: ignore[no-untyped-call]
                spark_session=session, break_lineage_method="parquet", num_partitions_on_repartition=threads
            )
            yield Engine("spark", api, private)
    else:
        raise RiskError(f"There is no engine {name!r}.", f"Choose one of: {', '.join(ENGINES)}.")
