"""Spark: a session of its own, in local mode, that leaves nothing outside the private folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from risk.errors import RiskError


@contextmanager
def spark_session(private: Path, *, threads: int = 2, memory: str = "4GB") -> Iterator[Any]:
    """Give a Spark session in this process, and end it and its Java process afterwards.

    Every file that Spark writes lies in `private`. RiskError where Spark or Java is not installed, or one is running.
    """
    try:
        # Spark is an extra of 400 MB that few need
        from pyspark import SparkContext  # noqa: PLC0415
        from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415
        from splink.backends.spark import similarity_jar_location  # noqa: PLC0415
    except ImportError as absent:
        raise RiskError("Spark is not installed.", "pip install -r requirements-spark.txt") from absent
    if SparkContext._active_spark_context is not None:  # there is no public way to ask
        raise RiskError("Spark is running here already, with temporary files elsewhere.", "Stop it first.")
    place = private / "spark"
    place.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master(f"local[{threads}]").appName("larder")
    for option, value in _spark_options(place, threads, memory, similarity_jar_location()).items():
        builder = builder.config(option, value)
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as absent:
        raise RiskError(
            "Spark found no Java.", "Install Java 17 and set JAVA_HOME, or use DuckDB."
        ) from absent
    session.sparkContext.setLogLevel("OFF")
    session.sparkContext.setCheckpointDir(str(place / "checkpoints"))
    try:
        yield session
    finally:
        session.stop()
        _end_java(SparkContext)


def _spark_options(place: Path, threads: int, memory: str, jar: str) -> dict[str, str]:
    """Return Spark's options: few partitions, no page of its own, every file in the private folder."""
    return {
        "spark.jars": jar,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": memory.lower().removesuffix("b"),
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={place} -Dderby.system.home={place}",
        "spark.local.dir": str(place),
        "spark.sql.warehouse.dir": str(place / "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.shuffle.partitions": str(2 * threads),
        "spark.default.parallelism": str(2 * threads),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.eventLog.enabled": "false",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
    }


def _end_java(context: Any) -> None:
    """End the Java process too: it holds names in memory, and its temporary folder is about to go."""
    gateway = context._gateway
    if gateway is None:
        return
    process = getattr(gateway, "proc", None)
    gateway.shutdown()
    context._gateway = context._jvm = None
    if process is not None:
        process.stdin.close()
        process.wait(timeout=30)
