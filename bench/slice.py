"""The projections and slices of slice.ts with boost-histogram."""

import json
import sys

from peers import report, timed


def boost_histogram(request):
    import boost_histogram as bh
    import numpy as np

    h = bh.Histogram(*[bh.axis.Regular(request["bins"], 0, 1) for _ in range(4)], storage=bh.storage.Weight())
    view = h.view(flow=True)
    flat = np.arange(view.size).reshape(view.shape)
    view["value"] = flat % 7
    view["variance"] = flat % 5
    tasks = {
        "two of four axes": lambda: h.project(0, 1),
        "the last two": lambda: h.project(2, 3),
        "one": lambda: h.project(3),
        "two, a bin of each other": lambda: h[:, :, 7, 9],
        "two, a bin of the third, the sum of the last": lambda: h[:, :, 7, :: sum],
        "all, two bins made one": lambda: h[:, :, :: bh.rebin(2), :: bh.rebin(2)],
    }
    runs = {}
    for name, task in tasks.items():
        seconds = timed(request["repeats"], 1, task)
        result = task().view(flow=True)
        runs[name] = {"seconds": seconds, "counts": [result.value.ravel().tolist(), result.variance.ravel().tolist()]}
    return bh.__version__, runs


report({"boost-histogram": boost_histogram}, json.load(sys.stdin))
