"""Counts of keys by DuckDB: `duckdb_counts.py FILE …`, Parquet objects of one container; JSON to stdout."""

import json
import sys

import duckdb

connection = duckdb.connect()
connection.execute("CREATE TABLE keys AS SELECT * FROM read_parquet(?)", [sys.argv[1:]])
COUNTS = """
    WITH scope AS (SELECT * FROM keys WHERE {where}),
         times AS (SELECT eventno, count(*) AS n FROM scope GROUP BY eventno),
         dup AS (SELECT eventno FROM times WHERE n > 1)
    SELECT (SELECT count(*) FROM scope), (SELECT count(*) FROM times), (SELECT count(*) FROM dup),
           (SELECT count(DISTINCT file) FROM scope),
           (SELECT count(DISTINCT file) FROM scope WHERE eventno IN (SELECT eventno FROM dup))
"""


def counts(where):
    return list(connection.execute(COUNTS.format(where=where)).fetchone())


tids = [tid for (tid,) in connection.execute("SELECT DISTINCT tid FROM keys ORDER BY tid").fetchall()]
duplicates = connection.execute(
    "SELECT eventno::VARCHAR, list(file ORDER BY file) FROM keys GROUP BY eventno HAVING count(*) > 1 ORDER BY keys.eventno"
).fetchall()
print(
    json.dumps(
        {"all": counts("true"), "tids": {str(tid): counts(f"tid = {tid}") for tid in tids}, "duplicates": duplicates}
    )
)
