"""Counts of level-1 chains by DuckDB: python trigger_counts.py FIRST LAST RECORDS.parquet ..."""
import json
import sys

import duckdb

first, last, *files = sys.argv[1:]
db = duckdb.connect()
db.execute(
    "create table event as select distinct on (eventno) eventno, tbp, tap, tav from read_parquet($files) "
    "where lb between $first and $last order by eventno, seq",
    {"files": files, "first": int(first), "last": int(last)},
)
counts = {name: dict(db.execute(f"select bit, count(*) from (select unnest({name}) bit from event) group by bit").fetchall())
          for name in ("tbp", "tap", "tav")}
print(json.dumps({
    "events": db.execute("select count(*) from event").fetchone()[0],
    **counts,
    "unique": dict(db.execute("select tav[1], count(*) from event where len(tav) = 1 group by 1").fetchall()),
    "pairs": db.execute(
        "with fired as (select eventno, unnest(tav) bit from event) "
        "select a.bit, b.bit, count(*) from fired a join fired b on a.eventno = b.eventno and a.bit < b.bit group by 1, 2"
    ).fetchall(),
}))
