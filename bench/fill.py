"""The weighted fill of fill.ts with boost-histogram and with DuckDB, one thread each."""

import json
import sys
from pathlib import Path

from peers import report, timed


def read(request):
    import numpy

    folder = Path(request["folder"])
    return numpy.fromfile(folder / "x.f64"), numpy.fromfile(folder / "w.f64")


def boost_histogram(request):
    import boost_histogram as bh

    x, w = read(request)
    axis = bh.axis.Regular(request["bins"], request["lo"], request["hi"])
    histogram = bh.Histogram(axis, storage=bh.storage.Weight())

    def fill():
        histogram.reset()
        histogram.fill(x, weight=w, threads=1)

    seconds = timed(request["repeats"], 1, fill)
    view = histogram.view(flow=True)
    return bh.__version__, {
        "fill": {"seconds": seconds, "counts": [view.value.tolist(), view.variance.tolist()]}
    }


def duckdb(request):
    import duckdb
    import pyarrow

    x, w = read(request)
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    values = pyarrow.table({"x": x, "w": w})
    connection.execute("CREATE TABLE t AS SELECT * FROM values")
    bins, lo, hi = request["bins"], request["lo"], request["hi"]
    query = f"""
        SELECT CASE WHEN z < 0 THEN 0 WHEN z < 1 THEN 1 + CAST(floor(z * {bins}) AS INTEGER) ELSE {bins + 1} END AS bin,
               sum(w), sum(w * w)
        FROM (SELECT (x - {lo}) / ({hi} - {lo}) AS z, w FROM t)
        GROUP BY bin
    """
    rows = []

    def fill():
        rows[:] = connection.execute(query).fetchall()

    seconds = timed(request["repeats"], 1, fill)
    sums, squares = [0.0] * (bins + 2), [0.0] * (bins + 2)
    for index, total, square in rows:
        sums[index], squares[index] = total, square
    return duckdb.__version__, {"fill": {"seconds": seconds, "counts": [sums, squares]}}


report({"boost-histogram": boost_histogram, "DuckDB": duckdb}, json.load(sys.stdin))
