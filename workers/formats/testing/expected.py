"""What a reader of Lumiscope has to make of a pyarrow table: its columns, by the names, types and values that they get."""

import decimal
import json
import math

import numpy as np
import pyarrow as pa

TYPES = {"float": "float32", "halffloat": "float32", "double": "float64"}
UNITS = {"s": "s", "ms": "ms", "us": "µs", "ns": "ns"}


def value(x):
    """A value in JSON: 64-bit integers and what JSON can't say as text."""
    if isinstance(x, (decimal.Decimal, np.float16)):
        x = float(x)
    if isinstance(x, bool):
        return int(x)
    if isinstance(x, bytes):
        return x.decode()
    if isinstance(x, int) and abs(x) > 2**31:
        return f"i{x}"
    if isinstance(x, float) and (not math.isfinite(x) or (x == 0 and math.copysign(1, x) < 0)):
        return f"f{x}"
    return x


def is_list(type):
    return pa.types.is_list(type) or pa.types.is_large_list(type) or pa.types.is_fixed_size_list(type)


def is_text(type):
    t = pa.types
    return any(test(type) for test in (t.is_string, t.is_large_string, t.is_binary, t.is_large_binary, t.is_string_view, t.is_binary_view))


def in_memory(type):
    """Dates, times and timestamps are the integers that are stored."""
    t = pa.types
    if t.is_dictionary(type):
        return in_memory(type.value_type)
    if is_list(type):
        return pa.list_(with_type(type.value_field, in_memory(type.value_type)))
    if t.is_map(type):
        return pa.map_(type.key_type, with_type(type.item_field, in_memory(type.item_type)))
    if t.is_struct(type):
        return pa.struct([with_type(f, in_memory(f.type)) for f in type])
    if t.is_date32(type) or t.is_time32(type):
        return pa.int32()
    return pa.int64() if t.is_timestamp(type) or t.is_time64(type) or t.is_date64(type) or t.is_duration(type) else type


def with_type(f, type):
    return pa.field(f.name, type, f.nullable)


def unit(type):
    t = pa.types
    if t.is_dictionary(type):
        return unit(type.value_type)
    if t.is_date32(type):
        return "d"
    if t.is_date64(type):
        return "ms"
    return UNITS[type.unit] if t.is_timestamp(type) or t.is_time(type) or t.is_duration(type) else None


def each(rows, depth, make):
    """`make` of what stands `depth` lists deep."""
    return [each(row, depth - 1, make) if depth else make(row) for row in rows]


def columns(f, type, path, nullable, depth, rows):
    """Columns of one field: `f` as it is stored, `type` as it is in memory, `rows` its values by event."""
    if pa.types.is_struct(type):
        for inner, own in zip(f.type, type):
            part = each(rows, depth, lambda row: None if row is None else row[inner.name])
            yield from columns(inner, own.type, [*path, inner.name], nullable or inner.nullable, depth, part)
        return
    if pa.types.is_map(type):
        parts = zip((f.type.key_field, f.type.item_field), (type.key_type, type.item_type))
        for k, (inner, own) in enumerate(parts):
            part = each(rows, depth, lambda row: [item[k] for item in row or []])
            yield from columns(inner, own, [*path, ("key", "value")[k]], k == 1 and inner.nullable, depth + 1, part)
        return
    if is_list(type):
        item = f.type.value_field
        yield from columns(item, type.value_type, path, item.nullable, depth + 1, each(rows, depth, lambda row: row or []))
        return
    name = "string" if is_text(type) else "float64" if pa.types.is_decimal(type) else TYPES.get(str(type), str(type))
    found = {"name": ".".join(path), "type": name, "depth": depth, "nullable": nullable}
    if unit(f.type):
        found["unit"] = unit(f.type)
    yield {**found, "values": each(rows, depth, value)}


def expected(table):
    found = []
    for f in table.schema:
        type = in_memory(f.type)
        found.extend(columns(f, type, [f.name], f.nullable, 0, table[f.name].cast(type).to_pylist()))
    return found


def write_json(path, data):
    path.write_text(json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n")
