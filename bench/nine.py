"""The histogram of nine axes of nine.ts with boost-histogram, one thread."""

import json
import sys
from pathlib import Path

from peers import report, timed


def boost_histogram(request):
    import boost_histogram as bh
    import numpy

    folder, repeats, at = Path(request["folder"]), request["repeats"], request["slice"]
    columns = [numpy.fromfile(folder / f"{k}.f64") for k in range(len(request["ranges"]))]
    axes = [bh.axis.Regular(request["bins"], lo, hi) for lo, hi in request["ranges"]]
    histogram = bh.Histogram(*axes, storage=bh.storage.Int64())

    def fill():
        histogram.reset()
        histogram.fill(*columns, threads=1)

    def run(call, counts):
        seconds = timed(repeats, 1, call)
        return {"seconds": seconds, "counts": counts()}

    def counts_of(*kept):
        return lambda: [histogram.project(*kept).view(flow=True).flatten().tolist()]

    # Ours are filled by the count: theirs start at nothing, too.
    runs = {"fill": run(fill, lambda: [])}
    runs["one"] = run(lambda: histogram.project(0), counts_of(0))
    runs["two"] = run(lambda: histogram.project(0, 6), counts_of(0, 6))
    # Index `bin` counts flow bins in ours.
    runs["slice"] = run(lambda: histogram[{at["axis"]: at["bin"] - 1}], lambda: [])
    return bh.__version__, runs


report({"boost-histogram": boost_histogram}, json.load(sys.stdin))
