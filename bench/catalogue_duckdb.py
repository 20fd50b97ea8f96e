"""What catalogueOverlap.ts does, as SQL over the same Parquet objects. Seconds: of the wall, then of all threads."""

import json
import sys
import time

from peers import report

# Two halves: numpy has no integers of 128 bits.
MASKS = """bit_or(CASE WHEN s < 60 THEN CAST(1 AS BIGINT) << s ELSE 0 END) AS low,
           bit_or(CASE WHEN s >= 60 THEN CAST(1 AS BIGINT) << (s - 60) ELSE 0 END) AS high"""


def measured(call):
    cpu, wall = time.process_time(), time.perf_counter()
    value = call()
    return [time.perf_counter() - wall, time.process_time() - cpu], value


def connect():
    import duckdb

    db = duckdb.connect()
    db.execute("SET memory_limit = '4GB'; SET preserve_insertion_order = false")
    return duckdb, db


def keys(folder):
    return f"""(SELECT eventno, CAST(regexp_extract(filename, 'keys-(\\d+)-\\d+.parquet$', 1) AS INTEGER) AS s
               FROM read_parquet('{folder}keys-*.parquet', filename = true))"""


def overlap(db, request):
    streams = request["streams"]
    masks = db.execute(
        f"""SELECT low, high, count(*) AS n FROM (SELECT {MASKS} FROM {keys(request["folder"])} GROUP BY eventno)
            GROUP BY low, high"""
    ).fetchnumpy()
    import numpy

    # Each distinct mask once: pairs of its bits.
    halves = [masks["low"], masks["high"]]
    bits = numpy.array([(halves[s // 60] >> (s % 60)) & 1 for s in range(streams)], dtype=numpy.float64).T
    counts = numpy.asarray(masks["n"], dtype=numpy.float64)
    return [(bits * counts[:, None]).T @ bits]


def overlap_task(db, request):
    seconds, (both,) = measured(lambda: overlap(db, request))
    return "overlap", seconds, [int(n) for n in both.flatten()]


def duplicates_task(db, request):
    query = f"""SELECT s, sum(n), count(*), count(*) FILTER (n > 1)
                FROM (SELECT s, eventno, count(*) AS n FROM {keys(request["folder"])} GROUP BY s, eventno)
                GROUP BY s ORDER BY s"""
    seconds, rows = measured(lambda: db.execute(query).fetchall())
    return "duplicates", seconds, [int(n) for row in rows for n in row[1:]]


def triggers_task(db, request):
    import pyarrow

    chains = request["chains"]
    lists = pyarrow.table({"fired": pyarrow.array(request["lists"], pyarrow.list_(pyarrow.uint16()))})
    db.register("events", lists)
    db.execute("CREATE TABLE bits AS SELECT e, unnest(fired) AS chain FROM (SELECT row_number() OVER () AS e, fired FROM events)")
    query = "SELECT a.chain, b.chain, count(*) FROM bits a JOIN bits b ON a.e = b.e AND a.chain < b.chain GROUP BY ALL"
    seconds, rows = measured(lambda: db.execute(query).fetchall())
    both = [0] * (chains * chains)
    for a, b, n in rows:
        both[a * chains + b] = n
    return "triggers", seconds, both


TASKS = {"overlap": overlap_task, "duplicates": duplicates_task, "triggers": triggers_task}


def duckdb_peer(request):
    duckdb, db = connect()
    task, seconds, counts = TASKS[request["task"]](db, request)
    return duckdb.__version__, {task: {"seconds": seconds, "counts": [counts]}}


report({"DuckDB": duckdb_peer}, json.load(sys.stdin))
