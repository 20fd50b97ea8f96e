"""Events out of the Parquet records of a catalogue with DuckDB: on local files, and over HTTP by fsspec."""

import http.client
import json
import sys
import threading
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from peers import report, timed

import fsspec
from fsspec.spec import AbstractBufferedFile, AbstractFileSystem

counted = {"requests": 0, "bytes": 0}
local = threading.local()


def ask(url, method, headers):
    """One request on this thread's connection."""
    parts = urlsplit(url)
    if getattr(local, "host", None) != parts.netloc:
        local.host = parts.netloc
        local.connection = http.client.HTTPConnection(parts.netloc)
    local.connection.request(method, parts.path, headers=headers)
    response = local.connection.getresponse()
    body = response.read()
    counted["requests"] += 1
    counted["bytes"] += len(body)
    return response, body


class RangeFile(AbstractBufferedFile):
    def _fetch_range(self, start, end):
        return ask("http://" + self.path, "GET", {"Range": f"bytes={start}-{end - 1}"})[1]


class RangeFiles(AbstractFileSystem):
    """Files on a server that answers range requests; `ranges://host/path`."""

    protocol = "ranges"
    cachable = False

    @classmethod
    def _strip_protocol(cls, path):
        return path.removeprefix("ranges://")

    def info(self, path, **_):
        name = self._strip_protocol(path)
        response, _ = ask("http://" + name, "HEAD", {})
        return {"name": name, "size": int(response.headers["Content-Length"]), "type": "file"}

    def modified(self, path):
        response, _ = ask("http://" + self._strip_protocol(path), "HEAD", {})
        return parsedate_to_datetime(response.headers["Last-Modified"])

    def _open(self, path, mode="rb", **_):
        return RangeFile(self, self._strip_protocol(path), mode, cache_type="none", size=self.info(path)["size"])


def duckdb(request):
    import duckdb

    fsspec.register_implementation("ranges", RangeFiles, clobber=True)
    connection = duckdb.connect()
    connection.register_filesystem(RangeFiles())
    remote = [url.replace("http://", "ranges://") for url in request["remote"]]
    only = [request["only"].replace("http://", "ranges://")]
    one = f"= {request['event']}"
    many = f"IN ({', '.join(request['many'])})"
    runs = {}

    def measure(name, files, condition, repeats, warmup):
        query = f"SELECT * FROM read_parquet({files!r}) WHERE eventno {condition}"
        found = []
        before = dict(counted)
        seconds = timed(repeats, warmup, lambda: found.append(len(connection.execute(query).fetchall())))
        runs_made = repeats + warmup
        asked = [(counted[key] - before[key]) / runs_made for key in ("requests", "bytes")]
        runs[name] = {"seconds": seconds, "counts": [[found[-1], *asked]]}

    measure("1 event, one of 10 data types: local files", request["local"], one, request["repeats"], 1)
    measure("1,000 events, one of 10 data types: local files", request["local"], many, request["repeats"], 1)
    measure("1 event, one of 10 data types: HTTP, told which object", only, one, request["repeats"], 0)
    measure("1 event, one of 10 data types: HTTP, all objects", remote, one, 1, 0)
    return duckdb.__version__, runs


report({"DuckDB": duckdb}, json.load(sys.stdin))
