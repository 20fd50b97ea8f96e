"""The ADL queries of adl.ts with DuckDB (SQL over in-memory tables) and awkward-array, one thread each."""

import json
import sys

from adl_awkward import measure as awkward
from adl_duckdb import measure as duckdb
from peers import report

report({"DuckDB": duckdb, "awkward": awkward}, json.load(sys.stdin))
