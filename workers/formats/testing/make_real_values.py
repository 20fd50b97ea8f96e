"""What every branch of the real files in ../shared/data holds, as uproot and pyarrow read them.

Writes `real_values.json`: by file, by tree, by type, a line for each branch: its name, the number of its values, their sum (of strings: of
their bytes), and the first 32 bits of the SHA-256 of its canonical bytes: for each level of lists the lengths (uint32), for a nullable
branch one byte a value (1: there), then the values, all little-endian; a string is its length in bytes (uint32) and its UTF-8. A file that has a twin is
`like` the tree of the first one, `without` some branches of that, and with its own `branches`.

    python make_real_values.py SHARED_DATA            writes the file beside this script
    python make_real_values.py FILE TREE BRANCH       prints a branch, to see what a wrong digest is about
"""

import decimal
import hashlib
import json
import math
import pathlib
import re
import sys

import awkward as ak
import numpy as np
import pyarrow.parquet as pq
import uproot

TWINS = [
    ["nano_dy.root", "nano_dy.parquet"],
    ["nano_dimuon.root", "nano_dimuon.parquet", "nano_dimuon_rntuple.root"],
    [f"uproot-HZZ-{how}.root" for how in ("zlib", "lz4", "lzma", "zstd", "uncompressed")],
]
CARDINALITY = re.compile(r"ROOT::RNTupleCardinality<std::(uint\d\d)_t>")


def leaves(layout, name, lengths=(), valid=None):
    """The columns of an awkward layout: name, lengths of each level of lists, where values are there, the values."""
    if layout.is_indexed and not layout.is_option:
        yield from leaves(layout.project(), name, lengths, valid)
    elif layout.is_option:
        there = np.asarray(layout.mask_as_bool(valid_when=True))
        filled = ak.fill_none(ak.Array(layout), ak.Array([]) if layout.content.is_list else 0, axis=0)
        inner = filled.layout
        if layout.content.is_list:  # a missing list is an empty one
            inner = ak.from_iter([x if x is not None else [] for x in ak.Array(layout)], highlevel=False) if not there.all() else layout.content
            yield from leaves(inner, name, lengths, valid)
        else:
            if not there.all():
                raise SystemExit(f"{name}: values are missing; teach this script what they are")
            yield from leaves(layout.project(), name, lengths, there)
    elif layout.parameter("__array__") in ("string", "bytestring"):
        yield name, lengths, valid, [x if isinstance(x, bytes) else x.encode() for x in ak.to_list(layout)]
    elif layout.is_list:
        flat = ak.Array(layout)
        counts = np.asarray(ak.num(flat, axis=1), dtype="<u4")
        yield from leaves(ak.flatten(flat, axis=1).layout, name, (*lengths, counts), None)
    elif layout.is_record:
        for field in layout.fields:
            yield from leaves(layout[field], f"{name}.{field}" if name else field, lengths, valid)
    elif layout.is_numpy:
        values = np.asarray(layout.data)
        for size in values.shape[1:]:  # fixed arrays are lists of one length
            lengths = (*lengths, np.full(math.prod(values.shape[: values.ndim - 1]), size, dtype="<u4"))
            values = values.reshape(-1, *values.shape[2:])
        yield name, lengths, valid, values
    else:
        raise SystemExit(f"{name}: {type(layout).__name__} is not known here")


def short(x):
    """Six digits; of a tie the upper, as JavaScript rounds."""
    rounded = decimal.Context(prec=6, rounding=decimal.ROUND_HALF_UP).create_decimal_from_float(x)
    return f"{float(rounded):.6g}"


def line(name, lengths, valid, values):
    """The type of a column, and its line."""
    digest = hashlib.sha256()
    for counts in lengths:
        digest.update(counts.tobytes())
    if valid is not None:
        digest.update(valid.astype("u1").tobytes())
    if isinstance(values, list):
        type, total = "string", sum(map(len, values))
        for text in values:
            digest.update(len(text).to_bytes(4, "little") + text)
    else:
        type = values.dtype.name
        total = sum(int(x) for x in values) if values.dtype.kind in "biu" else sum(values.astype("f8").tolist(), 0.0)
        digest.update(values.astype(values.dtype.newbyteorder("<")).tobytes())
    shown = short(total) if isinstance(total, float) else str(total)
    return type + "[]" * len(lengths) + ("?" if valid is not None else ""), f"{name} {len(values)} {shown} {digest.hexdigest()[:8]}"


def trees(path):
    """Of each tree of a file: name, number of events, and its columns as awkward layouts with their names."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        yield "", table.num_rows, [(name, ak.from_arrow(table[name], highlevel=False)) for name in table.column_names]
        return
    with uproot.open(path) as file:
        for name, kind in file.classnames(cycle=False).items():
            if kind == "TTree":
                tree = file[name]
                yield name, tree.num_entries, [(b.name, ak.to_layout(b.array(library="ak"))) for b in tree.branches]
            elif kind == "ROOT::RNTuple":
                ntuple = file[name]
                arrays = ntuple.arrays()
                kinds = {f.field_name: CARDINALITY.match(f.type_name) for f in ntuple.field_records}
                columns = []
                for field in arrays.fields:
                    if re.fullmatch(r"_collection\d+", field):  # without a name: its members are projected to fields with names
                        continue
                    array = arrays[field]
                    if kinds.get(field):
                        array = ak.values_astype(array, kinds[field][1])
                    columns.append((field, ak.to_layout(array)))
                yield name, ntuple.num_entries, columns


def lines_of(columns):
    for name, layout in columns:
        for leaf in leaves(layout, name):
            yield line(*leaf)


def main(folder):
    found = {}
    for path in sorted([*folder.glob("*.root"), *folder.glob("*.parquet")]):
        twins = next((group for group in TWINS if path.name in group), [path.name])
        found[path.name] = (twins, {name: (events, list(lines_of(columns))) for name, events, columns in trees(path)})
    written = {}
    for name, (twins, parts) in sorted(found.items(), key=lambda one: (one[1][0][0], one[1][0].index(one[0]))):
        written[name] = {}
        for tree, (events, lines) in parts.items():
            first = found[twins[0]][1]
            like = tree if tree in first else next(iter(first))
            known = [] if name == twins[0] else first[like][1]
            types = {}
            for type, text in lines:
                if (type, text) not in set(known):
                    types.setdefault(type, []).append(text)
            without = [text.split(" ")[0] for one in known if one not in set(lines) for text in one[1:]]
            twin = {"like": [twins[0], like], "without": without} if known else {}
            written[name][tree] = {"events": events, **twin, "branches": types}
    target = pathlib.Path(__file__).with_name("real_values.json")
    target.write_text(re.sub(r"(\{|\[|\],|\},)(?=\")", r"\1\n", json.dumps(written, separators=(",", ":"))) + "\n")


def show(path, tree, branch):
    for name, _, columns in trees(path):
        if name == tree:
            for column, layout in columns:
                if branch == column or branch.startswith(f"{column}."):
                    ak.Array(layout).show(limit_rows=50)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(pathlib.Path(sys.argv[1]))
    else:
        show(pathlib.Path(sys.argv[1]), *sys.argv[2:])
