"""What the peers' scripts share: timing, and reporting a library that is not installed as absent."""

import json
import sys
import time


def timed(repeats, warmup, call):
    for _ in range(warmup):
        call()
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begin)
    return seconds


def report(peers, request):
    """`peers`: name to a function of the request that returns (version, runs by task)."""
    answers = []
    for name, measure in peers.items():
        try:
            version, runs = measure(request)
            answers.append({"name": name, "version": version, "runs": runs})
        except ImportError as error:
            answers.append({"name": name, "absent": str(error)})
    json.dump(answers, sys.stdout)
