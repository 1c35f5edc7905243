"""
Small files of awkward types, written by pyarrow and pandas, with what they hold as plain JSON.
Run from the root: .venv/bin/python test/reference/tables.py
"""
import datetime as dt
import decimal
import json
import pathlib

import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet as pq

out = pathlib.Path(__file__).parent / "data"
out.mkdir(exist_ok=True)

UTC = dt.timezone.utc
moments = [dt.datetime(1969, 12, 31, 23, 59, 59, 500000, UTC), None, dt.datetime(2026, 11, 21, 10, 15, 30, 123000, UTC)]
table = pa.table({
    "int8": pa.array([-128, None, 127], pa.int8()),
    "uint16": pa.array([0, 65535, None], pa.uint16()),
    "int32": pa.array([-2147483648, 2147483647, None], pa.int32()),
    "int64": pa.array([-9007199254740993, None, 42], pa.int64()),
    "uint64": pa.array([18446744073709551615, 1, None], pa.uint64()),
    "float32": pa.array([0.5, None, -1.25], pa.float32()),
    "float64": pa.array([0.1, float("nan"), None], pa.float64()),
    "decimal": pa.array([decimal.Decimal("12.34"), None, decimal.Decimal("-0.01")], pa.decimal128(9, 2)),
    "bool": pa.array([True, None, False]),
    "text": pa.array(["ünï, \"quoted\"\nline", None, ""]),
    "large_text": pa.array(["a", None, "c"], pa.large_string()),
    "category": pa.array(["x", None, "x"]).dictionary_encode(),
    "date": pa.array([dt.date(1969, 12, 31), None, dt.date(2026, 11, 21)]),
    "ms": pa.array(moments, pa.timestamp("ms", "UTC")),
    "us": pa.array(moments, pa.timestamp("us", "UTC")),
    "ns": pa.array(moments, pa.timestamp("ns", "UTC")),
    "naive": pa.array([m.replace(tzinfo=None) if m else None for m in moments], pa.timestamp("ms")),
    "list": pa.array([[1, 2], None, []], pa.list_(pa.int32())),
})

pq.write_table(table, out / "awkward.parquet", row_group_size=2)
for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    pq.write_table(table.select(["int32", "text", "category"]), out / f"{codec}.parquet", compression=codec)
pq.write_table(table.slice(0, 0), out / "no-rows.parquet")
pq.write_table(pa.table({"k": pa.array([f"k{i % 7}" for i in range(200_000)]).dictionary_encode()}), out / "dictionary.parquet", row_group_size=50_000)
flat = table.drop_columns(["list"])
pyarrow.feather.write_feather(flat, out / "file.arrow", compression="uncompressed")
pyarrow.feather.write_feather(flat, out / "compressed.arrow", compression="lz4")
with pa.ipc.new_stream(out / "stream.arrow", flat.schema) as sink:
    for batch in flat.to_batches(max_chunksize=2):
        sink.write_batch(batch)

# Every way to lay out the pages of plain columns, and what the general reader is left with.
n = 1200
plain_columns = pa.table({
    "i": pa.array([None if k % 7 == 3 else (k * 37) % 1000 - 500 for k in range(n)], pa.int32()),
    "l": pa.array([None if k % 11 == 5 else k * 10**12 - 3 for k in range(n)], pa.int64()),
    "d": pa.array([None if 100 < k < 700 else k / 8 for k in range(n)], pa.float64()),
    "f": pa.array([k % 5 / 4 for k in range(n)], pa.float32()),
    "b": pa.array([None if k % 13 == 0 else k % 3 == 0 for k in range(n)]),
    "s": pa.array([None if k % 17 == 0 else "text %d é" % (k % 70) for k in range(n)]),
    "u": pa.array(["%d-%s" % (k, "x" * (k % 40)) for k in range(n)]),
    "c": pa.array([None if k % 19 == 0 else "level %d" % (k // 200 * 3 + k % 3) for k in range(n)]).dictionary_encode(),
    "t": pa.array([None if k % 23 == 0 else k * 3_600_000_000 for k in range(n)], pa.timestamp("us", "Europe/Berlin")),
    "w": pa.array([k % 250 for k in range(n)], pa.uint8()),
    "h": pa.array([k % 900 - 450 for k in range(n)], pa.int16()),
    "y": pa.array([k // 500 + 2011 for k in range(n)], pa.int32()),
})
layouts = {
    "plain-v1": dict(use_dictionary=False, compression="snappy"),
    "plain-v2": dict(use_dictionary=False, compression="zstd", data_page_version="2.0"),
    "dictionary-v1": dict(compression="snappy", row_group_size=500),
    "dictionary-v2": dict(compression="gzip", data_page_version="2.0", row_group_size=350, data_page_size=512),
    "dictionary-left": dict(compression="brotli", dictionary_pagesize_limit=200, data_page_size=1024),
    "delta": dict(use_dictionary=False, compression="none", version="2.6", data_page_version="2.0", column_encoding={"i": "DELTA_BINARY_PACKED", "l": "DELTA_BINARY_PACKED", "u": "DELTA_BYTE_ARRAY", "d": "BYTE_STREAM_SPLIT"}),
    "no-arrow-schema": dict(compression="snappy", store_schema=False),
}
for name, options in layouts.items():
    pq.write_table(plain_columns, out / f"pages-{name}.parquet", **options)
(out / "pages.json").write_text(json.dumps({name: [v.timestamp() * 1000 if isinstance(v, dt.datetime) else v for v in plain_columns[name].to_pylist()] for name in plain_columns.column_names}, ensure_ascii=False, separators=(",", ":")) + "\n")


def plain(value):
    if isinstance(value, dt.datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp() * 1000
    if isinstance(value, dt.date):
        return (value - dt.date(1970, 1, 1)).days * 86_400_000
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, float) and value != value:
        return "NaN"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return str(value)
    return value


(out / "awkward.json").write_text(json.dumps({name: [plain(v) for v in table[name].to_pylist()] for name in table.column_names}, ensure_ascii=False) + "\n")

# `written.parquet` is what the library writes (test/table/parquet-write.test.ts holds it to those bytes). Pandas and
# polars have to see in it what pyarrow sees.
import pandas as pd
import polars as pl

written = pq.read_table(out / "written.parquet")
in_pandas = pd.read_parquet(out / "written.parquet", dtype_backend="pyarrow")
in_polars = pl.read_parquet(out / "written.parquet").to_arrow()
assert pq.ParquetFile(out / "written.parquet").num_row_groups == 2
for name in written.column_names:
    values = written[name].to_pylist()
    assert [None if v is pd.NA or v is pd.NaT else v for v in in_pandas[name].astype(object).tolist()] == values, name
    assert in_polars[name].to_pylist() == values, name


def shown(name):
    column = written[name]
    if column.type in (pa.int64(), pa.uint64()) or pa.types.is_time(column.type):
        numbers = column if column.type == pa.uint64() else column.cast(pa.int64())
        return [None if v is None else str(v) for v in numbers.to_pylist()]
    return [round(plain(v), 3) if isinstance(v, dt.datetime) else plain(v) for v in column.to_pylist()]


(out / "written.json").write_text(json.dumps({name: shown(name) for name in written.column_names}, ensure_ascii=False, separators=(",", ":")) + "\n")
