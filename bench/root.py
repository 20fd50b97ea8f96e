"""Files like NanoAOD, and how fast uproot reads them; for root.ts.

    python root.py write FOLDER EVENTS NAME...    writes NAME.root: `ttree_` or `rntuple_` and a compression
    python root.py time                           for each line `PATH COLUMN...` on its input, seconds and values of one reading
"""

import sys
import time

import awkward as ak
import numpy as np
import uproot

BASKET_EVENTS = 50_000
COMPRESSIONS = {
    "zstd": uproot.ZSTD(5),
    "zlib": uproot.ZLIB(1),
    "lz4": uproot.LZ4(4),
    "lzma": uproot.LZMA(5),
    "none": None,
}
rng = np.random.default_rng(1)


def floats(n, scale):
    """With twelve bits of mantissa, as NanoAOD keeps."""
    bits = rng.exponential(scale, n).astype(np.float32).view(np.uint32)
    return ((bits + 0x400) & np.uint32(0xFFFFF800)).view(np.float32)


def integers(n, most, kind):
    return rng.integers(0, most, n).astype(kind)


def flags(n, share):
    return rng.random(n) < share


MUON = {
    **{f: (floats, s) for f, s in [("pt", 30), ("eta", 1), ("phi", 1), ("mass", 0.1), ("dxy", 0.01), ("dz", 0.1)]},
    **{f: (floats, 0.2) for f in ("pfRelIso03_all", "pfRelIso04_all", "ip3d", "sip3d", "ptErr", "tkRelIso")},
    **{f: (integers, 3, np.int32) for f in ("charge", "jetIdx", "pdgId", "nStations")},
    **{f: (flags, 0.7) for f in ("looseId", "tightId", "isGlobal", "isPFcand")},
}
JET = {
    **{f: (floats, s) for f, s in [("pt", 60), ("eta", 2), ("phi", 1), ("mass", 9), ("area", 0.5), ("btag", 0.3)]},
    **{f: (floats, 0.3) for f in ("chEmEF", "chHEF", "neEmEF", "neHEF", "rawFactor", "qgl")},
    **{f: (integers, 7, np.int32) for f in ("jetId", "puId", "nConstituents", "muonIdx1", "electronIdx1")},
}
EVENT = {
    "run": (integers, 5, np.uint32),
    "luminosityBlock": (integers, 900, np.uint32),
    "event": (integers, 2**40, np.uint64),
    **{f: (floats, 40) for f in ("MET_pt", "MET_phi", "MET_sumEt", "PV_z", "genWeight")},
    "PV_npvs": (integers, 60, np.int32),
    **{f"HLT_path{i}": (flags, 0.02 * i) for i in range(8)},
}


def make(fields, n):
    return {name: how(n, *rest) for name, (how, *rest) in fields.items()}


def pieces(events):
    for begin in range(0, events, BASKET_EVENTS):
        n = min(BASKET_EVENTS, events - begin)
        arrays = make(EVENT, n)
        for name, fields, mean in (("Muon", MUON, 1.5), ("Jet", JET, 4)):
            counts = rng.poisson(mean, n)
            arrays[name] = ak.unflatten(ak.zip(make(fields, int(counts.sum()))), counts)
        yield arrays


def create(file, kind, piece):
    """A tree with the first piece in it."""
    if kind == "rntuple":
        return file.mkrntuple("Events", {name: ak.Array(array) for name, array in piece.items()})
    types = {name: a.type.content if isinstance(a, ak.Array) else a.dtype for name, a in piece.items()}
    tree = file.mktree("Events", types)
    tree.extend(piece)
    return tree


def write(folder, events, names):
    trees = {}
    for piece in pieces(events):
        for name in names:
            if name in trees:
                trees[name].extend(piece)
                continue
            kind, compression = name.split("_")
            file = uproot.recreate(f"{folder}/{name}.root", compression=COMPRESSIONS[compression])
            trees[name] = create(file, kind, piece)
    for tree in trees.values():
        tree.close()


def read():
    for line in sys.stdin:
        path, *columns = line.split()
        # Of a file that was read before, nothing is kept.
        with uproot.open(path, array_cache=None, object_cache=None) as file:
            tree = file["Events"]
            begin = time.process_time()
            arrays = tree.arrays(columns)
            seconds = time.process_time() - begin
        print(seconds, sum(int(ak.count(arrays[tuple(column.split("."))])) for column in columns), flush=True)


if sys.argv[1] == "write":
    write(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
else:
    read()
