"""The ADL queries with awkward-array and vector, as a coffea user writes them, filled with numpy's bins."""

from peers import timed


def load(request):
    import awkward as ak
    import numpy as np
    import pyarrow.parquet
    import vector

    vector.register_awkward()
    tiles = request["tiles"]
    fields = {
        "Muon": ["pt", "eta", "phi", "mass", "charge"],
        "Electron": ["pt", "eta", "phi", "mass", "charge"],
        "Jet": ["pt", "eta", "phi", "mass", "btag"],
    }
    names = ["MET_pt", "MET_phi"] + [f"{c}_{f}" for c, fs in fields.items() for f in fs]
    once = ak.from_arrow(pyarrow.parquet.read_table(request["path"], columns=names))

    def column(name):
        array = once[name]
        if array.ndim == 1:
            return np.tile(ak.to_numpy(array).astype(np.float64), tiles)
        counts = np.tile(ak.to_numpy(ak.num(array)), tiles)
        content = ak.to_numpy(ak.flatten(array))
        if content.dtype == np.float32:
            content = content.astype(np.float64)
        return ak.unflatten(np.tile(content, tiles), counts)

    events = {"MET_pt": column("MET_pt"), "MET_phi": column("MET_phi")}
    for collection, names in fields.items():
        events[collection] = ak.zip(
            {name: column(f"{collection}_{name}") for name in names}, with_name="Momentum4D"
        )
    return events


def q1(ev):
    return [ev["MET_pt"]]


def q2(ev):
    import awkward as ak

    return [ak.flatten(ev["Jet"].pt)]


def q3(ev):
    import awkward as ak

    jets = ev["Jet"]
    return [ak.flatten(jets.pt[abs(jets.eta) < 1])]


def q4(ev):
    import awkward as ak

    return [ev["MET_pt"][ak.sum(ev["Jet"].pt > 40, axis=1) >= 2]]


def q5(ev):
    import awkward as ak

    pair = ak.combinations(ev["Muon"], 2, fields=["a", "b"])
    pair = pair[pair.a.charge != pair.b.charge]
    mass = (pair.a + pair.b).mass
    return [ev["MET_pt"][ak.any((mass > 60) & (mass < 120), axis=1)]]


def q6(ev):
    import awkward as ak
    import numpy as np

    jets = ev["Jet"]
    jets = jets[ak.num(jets) >= 3]
    # As Cartesian four-vectors once, or each sum would convert again.
    p4 = ak.zip(
        {"px": jets.px, "py": jets.py, "pz": jets.pz, "E": jets.E, "btag": jets.btag}, with_name="Momentum4D"
    )
    tri = ak.combinations(p4, 3, fields=["a", "b", "c"])
    total = tri.a + tri.b + tri.c
    best = ak.argmin(abs(total.mass - 172.5), axis=1, keepdims=True)
    chosen = tri[best]
    btag = np.maximum(np.maximum(chosen.a.btag, chosen.b.btag), chosen.c.btag)
    return [ak.flatten(total[best].pt), ak.flatten(btag)]


def q7(ev):
    import awkward as ak

    jets = ev["Jet"]
    jets = jets[jets.pt > 30]
    leptons = ak.concatenate([ev["Electron"], ev["Muon"]], axis=1)
    leptons = leptons[leptons.pt > 10]
    both = ak.cartesian({"j": jets, "l": leptons}, nested=True)
    clean = ak.all(both.j.deltaR(both.l) > 0.4, axis=2)
    return [ak.sum(jets.pt[clean], axis=1)]


def q8(ev):
    import awkward as ak
    import numpy as np

    electrons = ak.with_field(ev["Electron"], 0, "flavour")
    muons = ak.with_field(ev["Muon"], 1, "flavour")
    leptons = ak.concatenate([electrons, muons], axis=1)
    enough = ak.num(leptons) >= 3
    leptons, met, met_phi = leptons[enough], ev["MET_pt"][enough], ev["MET_phi"][enough]
    leptons = ak.with_field(leptons, ak.local_index(leptons), "index")
    pair = ak.combinations(leptons, 2, fields=["a", "b"])
    pair = pair[(pair.a.flavour == pair.b.flavour) & (pair.a.charge != pair.b.charge)]
    some = ak.num(pair) >= 1
    leptons, pair, met, met_phi = leptons[some], pair[some], met[some], met_phi[some]
    best = ak.argmin(abs((pair.a + pair.b).mass - 91.2), axis=1, keepdims=True)
    z = ak.firsts(pair[best])
    other = leptons[(leptons.index != z.a.index) & (leptons.index != z.b.index)]
    third = ak.firsts(other[ak.argmax(other.pt, axis=1, keepdims=True)])
    return [np.sqrt(2 * met * third.pt * (1 - np.cos(met_phi - third.phi)))]


def binned(values, axis):
    import awkward as ak
    import numpy as np

    x = ak.to_numpy(values, allow_missing=False)
    lo, hi = axis["range"]
    z = (x - lo) / (hi - lo)
    index = np.clip(np.floor(z * axis["bins"]), -1, axis["bins"]).astype(np.int64) + 1
    return np.bincount(index, minlength=axis["bins"] + 2)


def measure(request):
    import awkward as ak

    events = load(request)
    runs = {}
    for name, query in {"q1": q1, "q2": q2, "q3": q3, "q4": q4, "q5": q5, "q6": q6, "q7": q7, "q8": q8}.items():
        axes = request["axes"][name]
        counts = []

        def call():
            counts[:] = [binned(values, axis) for values, axis in zip(query(events), axes)]

        seconds = timed(request["repeats"], 1, call)
        runs[name] = {"seconds": seconds, "counts": [c.tolist() for c in counts]}
    return ak.__version__, runs
