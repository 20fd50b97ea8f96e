"""Counts of the parts that a catalogue's folder holds, by DuckDB and by pyarrow: records, distinct event numbers, the sum of seq, and the number of bits in `ph`."""

import glob
import json
import sys

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq

paths = sorted(glob.glob(f"{sys.argv[1]}/dspid=*/*/records-*.parquet"))
query = "SELECT count(*), count(DISTINCT eventno), sum(seq), sum(len(ph)) FROM read_parquet(?)"
rows = duckdb.connect().execute(query, [paths]).fetchone()
table = pq.ParquetDataset(paths, partitioning=None).read()
arrow = [
    table.num_rows,
    pc.count_distinct(table["eventno"]).as_py(),
    pc.sum(table["seq"]).as_py(),
    pc.sum(pc.list_value_length(table["ph"])).as_py(),
]
print(json.dumps([[int(value) for value in rows], arrow]))
