"""What ingest.ts does, as SQL: reads staged objects, sorts their records and writes them as one Parquet file. Nothing is checked, counted or published. Seconds: of the wall, then of the processor."""

import os
import time

from peers import report


def duckdb_peer(request):
    import duckdb

    runs = {}
    for kind, about in request["kinds"].items():
        db = duckdb.connect()
        db.execute(f"SET threads = 1; SET memory_limit = '{request['memory']}B'; SET temp_directory = '{request['temp']}'")
        cpu, wall = time.process_time(), time.perf_counter()
        db.execute(
            f"""COPY (SELECT * FROM read_parquet('{about["folder"]}/staged/*/*.parquet') ORDER BY eventno, oid1, oid2)
                TO '{request["temp"]}/{kind}.parquet' (FORMAT parquet, COMPRESSION snappy)"""
        )
        seconds = [time.perf_counter() - wall, time.process_time() - cpu]
        path = f"{request['temp']}/{kind}.parquet"
        rows = db.execute(f"SELECT count(*) FROM '{path}'").fetchone()[0]
        runs[kind] = {"seconds": seconds, "counts": [[rows, os.path.getsize(path)]]}
        os.remove(path)
        db.close()
    return duckdb.__version__, runs


if __name__ == "__main__":
    import json
    import sys

    report({"DuckDB": duckdb_peer}, json.load(sys.stdin))
