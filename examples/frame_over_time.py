"""A long table of readings, each judged by the rule in force at its time; with pandas in the place of PyArrow it is the same.

Run it with `python examples/frame_over_time.py`; it needs `pip install "rag-rules[frames]" pyarrow`.
"""

import pyarrow

from rag_rules import Timed, rule, with_status

table = pyarrow.table(
    {
        "indicator": ["satisfaction", "satisfaction", "admissions", "admissions", "admissions", "calls"],
        "period": ["Sept 2023", "Q3 2023/24", "Q2 2023/24", "2023/24", "Q3 2023", None],
        "value": [75.0, 75.0, 15.0, 28.0, 15.0, 96.0],
    }
)
rules = {
    # a target that changes: 70% holds in September, 80% at the end of the third quarter
    "satisfaction": rule("70% before October 2023, 80% after", polarity="higher"),
    # a target for the year, whose figures add up: half of it is due at the end of September
    "admissions": Timed(rule("at most 28", tolerance="5%"), accumulation="cumulative"),
    # one that is the same at any time needs none
    "calls": rule("at least 95%"),
}
rated = with_status(table, rules, rule="indicator", on="period", reason="why")
for row in rated.to_pylist():
    print(
        f"{row['indicator']}, {row['period']}: {row['value']:g} is {row['status']}",
        f"({row['why']})" if row["why"] else "",
    )
