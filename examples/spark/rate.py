"""Readings of many councils in Parquet, rated by pandas and by Spark; both give the same statuses.

Run it with ``python examples/spark/rate.py [FOLDER]``, or on a cluster with ``spark-submit``. The rated readings go to
``FOLDER/rated``, partitioned by quarter as the readings are; without a folder everything is thrown away.
"""

import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
from rating import RULES, counted, rated

QUARTERS = [f"{year}-Q{quarter}" for year in (2022, 2023) for quarter in (1, 2, 3, 4)]
COUNCILS = 50
#: about what each indicator's readings are: the least and the most, and how many decimals
FIGURES = {
    "Repairs on time": (85, 100, 1), "Weekly cost of care": (18, 24, 2), "Recycling": (30, 70, 1),
    "Days to let a home": (15, 45, 0), "Rank among 38 councils": (1, 38, 0), "Homes begun": (0, 400, 0),
    "Nobody's indicator": (0, 1, 2),
}  # fmt: skip


def write_readings(folder: Path) -> None:
    """Made-up readings, a folder for each quarter; the same in every run."""
    drawn = random.Random(5)
    rows = [
        (f"{quarter} {council} {indicator}", quarter, f"Council {council}", indicator,
         None if drawn.random() < 0.03 else round(drawn.uniform(least, most), decimals))
        for quarter in QUARTERS for council in range(COUNCILS) for indicator, (least, most, decimals) in FIGURES.items()
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["key", "quarter", "council", "indicator", "value"])
    frame.to_parquet(folder, partition_cols=["quarter"])


def session() -> Any:
    """The session that ``spark-submit`` has set up, or one with two cores of this machine."""
    from pyspark import SparkConf
    from pyspark.sql import SparkSession

    given = SparkConf()
    building = SparkSession.builder.appName("rag-rules")
    if not given.contains("spark.master"):
        building = (
            building.master("local[2]").config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
        )
    return building.getOrCreate()


def statuses(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """The key, the status and the reason of each row, in the order of the keys: Spark has an order of its own."""
    columns = frame[["key", "status", "why"]].astype(object)
    return sorted(columns.where(columns.notna(), "").itertuples(index=False, name=None))


def main(folder: Path) -> None:
    readings = folder / "readings"
    write_readings(readings)

    by_pandas = rated(pd.read_parquet(readings))

    spark = session()
    by_spark = rated(spark.read.parquet(str(readings)))
    by_spark.write.mode("overwrite").partitionBy("quarter").parquet(str(folder / "rated"))

    again = pd.read_parquet(folder / "rated")
    assert statuses(by_pandas) == statuses(again)
    print(f"{len(again):,} readings by {len(RULES)} rules: pandas and Spark agree")
    for row in counted(by_spark).toPandas().itertuples(index=False):
        print(f"{row.quarter}: {row.green} green, {row.amber} amber, {row.red} red, {row.unrated} unrated")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made))
