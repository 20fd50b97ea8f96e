"""What pyarrow and DuckDB read of a file that Lumiscope wrote: `read_written.py FILE`, JSON to stdout."""

import json
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[2] / "testing"))
from expected import expected

path = sys.argv[1]
table = pq.ParquetFile(path, page_checksum_verification=True).read()
connection = duckdb.connect()
other = connection.execute("SELECT * FROM read_parquet(?)", [path]).to_arrow_table()
metadata = pq.read_metadata(path)
groups = [
    [
        {
            "statistics": None if s is None or not s.has_min_max else [str(s.min), str(s.max)],
            "nulls": None if s is None else s.null_count,
            "indexes": [c.has_column_index, c.has_offset_index],
        }
        for c in (metadata.row_group(g).column(k) for k in range(metadata.num_columns))
        for s in [c.statistics]
    ]
    for g in range(metadata.num_row_groups)
]
print(
    json.dumps(
        {
            "pyarrow": expected(table),
            # DuckDB says of all that it may be missing.
            "duckdb": [column["values"] for column in expected(other)],
            "groups": groups,
            "metadata": {k.decode(): v.decode() for k, v in (metadata.metadata or {}).items()},
        }
    )
)
