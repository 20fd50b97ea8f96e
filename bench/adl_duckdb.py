"""The ADL queries as SQL, in the fastest of the forms that were tried. Pairs and triples of items come from a join with a
table of positions."""

from peers import timed

# Choices of two or three positions out of n, as rows (n, i, j[, k]).
SETUP = """
SET threads = 1;
CREATE TABLE pairs AS
  SELECT n, i, j FROM range(2, 40) a(n), range(1, 40) b(i), range(1, 40) c(j) WHERE i < j AND j <= n;
CREATE TABLE triples AS
  SELECT n, i, j, k FROM range(3, 40) a(n), range(1, 40) b(i), range(1, 40) c(j), range(1, 40) d(k)
  WHERE i < j AND j < k AND k <= n;
CREATE MACRO bin(x, bins, lo, hi) AS CASE
  WHEN (x - lo) / (hi - lo) < 0 THEN 0
  WHEN (x - lo) / (hi - lo) < 1 THEN 1 + CAST(floor((x - lo) / (hi - lo) * bins) AS INTEGER)
  ELSE bins + 1 END;
CREATE MACRO mass(e, x, y, z) AS sqrt(greatest(e * e - x * x - y * y - z * z, 0));
CREATE MACRO dphi(a, b) AS abs((a - b) - 2 * pi() * round((a - b) / (2 * pi())));
CREATE MACRO momenta(pt, eta, phi, m) AS list_transform(pt, lambda p, i: {
  'x': p * cos(phi[i]), 'y': p * sin(phi[i]), 'z': p * sinh(eta[i]),
  'e': sqrt(p * p * (1 + sinh(eta[i]) * sinh(eta[i])) + m[i] * m[i])});
"""

COLLECTIONS = {
    "Muon": ["pt", "eta", "phi", "mass", "charge"],
    "Electron": ["pt", "eta", "phi", "mass", "charge"],
    "Jet": ["pt", "eta", "phi", "mass", "btag"],
}

QUERIES = {
    "q1": ["SELECT {bin:MET_pt}, count(*) FROM events GROUP BY 1"],
    "q2": ["SELECT {bin:pt}, count(*) FROM (SELECT unnest(Jet_pt) AS pt FROM events) GROUP BY 1"],
    "q3": [
        """SELECT {bin:pt}, count(*) FROM (SELECT unnest(Jet_pt) AS pt, unnest(Jet_eta) AS eta FROM events)
           WHERE abs(eta) < 1 GROUP BY 1"""
    ],
    "q4": [
        """SELECT {bin:MET_pt}, count(*) FROM events
           WHERE len(list_filter(Jet_pt, lambda pt: pt > 40)) >= 2 GROUP BY 1"""
    ],
    "q5": [
        """WITH choices AS (
             SELECT id, MET_pt, Muon_pt[i] AS p, Muon_pt[j] AS q, Muon_eta[i] AS a, Muon_eta[j] AS b,
                    Muon_phi[i] - Muon_phi[j] AS d, Muon_mass[i] AS m, Muon_mass[j] AS n2
             FROM events JOIN pairs ON n = nMuon WHERE nMuon >= 2 AND Muon_charge[i] <> Muon_charge[j]),
           masses AS (
             SELECT id, MET_pt, m * m + n2 * n2 + 2 * (
               sqrt(p * p * cosh(a) * cosh(a) + m * m) * sqrt(q * q * cosh(b) * cosh(b) + n2 * n2)
               - p * q * (cos(d) + sinh(a) * sinh(b))) AS m2 FROM choices)
           SELECT {bin:met}, count(*)
           FROM (SELECT any_value(MET_pt) AS met FROM masses WHERE m2 > 60 * 60 AND m2 < 120 * 120 GROUP BY id)
           GROUP BY 1"""
    ],
    "q6": [
        """WITH choices AS (
             SELECT id, p[i].e + p[j].e + p[k].e AS e, p[i].x + p[j].x + p[k].x AS x, p[i].y + p[j].y + p[k].y AS y,
                    p[i].z + p[j].z + p[k].z AS z, greatest(Jet_btag[i], Jet_btag[j], Jet_btag[k]) AS btag
             FROM (SELECT id, nJet, Jet_btag, momenta(Jet_pt, Jet_eta, Jet_phi, Jet_mass) AS p
                   FROM events WHERE nJet >= 3) JOIN triples ON n = nJet),
           best AS MATERIALIZED (
             SELECT arg_min({'pt': sqrt(x * x + y * y), 'btag': btag}, abs(mass(e, x, y, z) - 172.5)) AS v
             FROM choices GROUP BY id)
           SELECT 0 AS h, {bin:v.pt} AS b, count(*) FROM best GROUP BY b
           UNION ALL SELECT 1 AS h, {bin1:v.btag} AS b, count(*) FROM best GROUP BY b"""
    ],
    "q7": [
        """WITH jets AS (
             SELECT id, unnest(Jet_pt) AS pt, unnest(Jet_eta) AS eta, unnest(Jet_phi) AS phi, l_pt, l_eta, l_phi
             FROM (SELECT *, list_concat(Electron_pt, Muon_pt) AS l_pt, list_concat(Electron_eta, Muon_eta) AS l_eta,
                          list_concat(Electron_phi, Muon_phi) AS l_phi FROM events)),
           sums AS (
             SELECT id, sum(pt) AS total FROM jets
             WHERE pt > 30 AND len(list_filter(l_pt, lambda p, i: p > 10
               AND sqrt(pow(eta - l_eta[i], 2) + pow(dphi(phi, l_phi[i]), 2)) <= 0.4)) = 0
             GROUP BY id)
           SELECT {bin:coalesce(total, 0)}, count(*) FROM events LEFT JOIN sums USING (id) GROUP BY 1"""
    ],
    "q8": [
        """WITH leptons AS (
             SELECT id, MET_pt, MET_phi, nElectron, nElectron + nMuon AS nLepton,
                    list_concat(Electron_charge, Muon_charge) AS charge, list_concat(Electron_pt, Muon_pt) AS pt,
                    list_concat(Electron_eta, Muon_eta) AS eta, list_concat(Electron_phi, Muon_phi) AS phi,
                    list_concat(Electron_mass, Muon_mass) AS m
             FROM events WHERE nElectron + nMuon >= 3),
           choices AS (
             SELECT id, i, j, p[i] AS a, p[j] AS b
             FROM (SELECT *, momenta(pt, eta, phi, m) AS p FROM leptons) JOIN pairs ON n = nLepton
             WHERE charge[i] <> charge[j] AND (i <= nElectron) = (j <= nElectron)),
           best AS (
             SELECT id, arg_min({'i': i, 'j': j},
                                abs(mass(a.e + b.e, a.x + b.x, a.y + b.y, a.z + b.z) - 91.2)) AS z
             FROM choices GROUP BY id),
           others AS (
             SELECT id, MET_pt, MET_phi, z, unnest(range(1, nLepton + 1)) AS position, unnest(pt) AS pt,
                    unnest(phi) AS phi FROM leptons JOIN best USING (id)),
           third AS (
             SELECT id, any_value(MET_pt) AS met, any_value(MET_phi) AS met_phi, max(pt) AS pt,
                    arg_max(phi, pt) AS phi
             FROM others WHERE position <> z.i AND position <> z.j GROUP BY id)
           SELECT {bin:sqrt(2 * met * pt * (1 - cos(met_phi - phi)))}, count(*) FROM third GROUP BY 1"""
    ],
}


def binned(sql, axes):
    """Fills in `{bin:x}` and `{bin1:x}`: the bin of x on the first and on the second axis of the query."""
    for key, axis in zip(["{bin:", "{bin1:"], axes):
        while key in sql:
            start = sql.index(key)
            end = sql.index("}", start)
            x = sql[start + len(key) : end]
            lo, hi = axis["range"]
            # Double literals: DuckDB would take plain decimals for fixed-point numbers.
            call = f"bin(CAST({x} AS DOUBLE), {axis['bins']}, {lo}::DOUBLE, {hi}::DOUBLE)"
            sql = sql[:start] + call + sql[end + 1 :]
    return sql


def load(connection, request):
    import pyarrow
    import pyarrow.parquet

    columns = ["MET_pt", "MET_phi"]
    for collection, fields in COLLECTIONS.items():
        columns += [f"n{collection}", *(f"{collection}_{field}" for field in fields)]
    once = pyarrow.parquet.read_table(request["path"], columns=columns)
    tiled = pyarrow.concat_tables([once] * request["tiles"])
    # Doubles, as in our engine: single precision would round the kinematics.
    double = ", ".join(
        f"CAST({name} AS DOUBLE[]) AS {name}" for name in columns if "_" in name and "MET" not in name
    )
    flat = "CAST(MET_pt AS DOUBLE) AS MET_pt, CAST(MET_phi AS DOUBLE) AS MET_phi"
    connection.register("tiled", tiled)
    connection.execute(
        f"""CREATE TABLE events AS
            SELECT row_number() OVER () AS id, nMuon, nElectron, nJet, {flat}, {double} FROM tiled"""
    )
    connection.unregister("tiled")


def measure(request):
    import duckdb

    connection = duckdb.connect()
    connection.execute(SETUP)
    load(connection, request)
    runs = {}
    for query, [sql] in QUERIES.items():
        axes = request["axes"][query]
        text = binned(sql, axes)
        rows = []

        def call():
            rows[:] = connection.execute(text).fetchall()

        seconds = timed(request["repeats"], 1, call)
        counts = [[0] * (axis["bins"] + 2) for axis in axes]
        for row in rows:
            histogram, index, count = row if len(row) == 3 else (0, *row)
            counts[histogram][index] = count
        runs[query] = {"seconds": seconds, "counts": counts}
    return duckdb.__version__, runs
