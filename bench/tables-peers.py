"""Reading and writing of tables by pandas, pyarrow and polars, as bench/tables.mjs asks for it."""
import os

from peer import Clock, serve

THREADS = int(os.environ["OMP_NUM_THREADS"])
loaded = {}


def read(library, path, kind, columns=None):
    if library == "pandas":
        import pandas

        clock = Clock()
        table = pandas.read_parquet(path, columns=columns, use_threads=THREADS > 1) if kind == "parquet" else pandas.read_csv(path)
    elif library == "pyarrow":
        import pyarrow.csv
        import pyarrow.parquet

        clock = Clock()
        if kind == "parquet":
            table = pyarrow.parquet.read_table(path, columns=columns, use_threads=THREADS > 1)
        else:
            table = pyarrow.csv.read_csv(path, pyarrow.csv.ReadOptions(use_threads=THREADS > 1))
    else:
        import polars

        clock = Clock()
        table = polars.read_parquet(path, columns=columns) if kind == "parquet" else polars.read_csv(path)
    seconds = clock.lap()
    assert len(table) == 336_776
    return {"read": seconds}


def load(path):
    import pandas
    import polars
    import pyarrow.parquet

    loaded.update(pandas=pandas.read_parquet(path), polars=polars.read_parquet(path), pyarrow=pyarrow.parquet.read_table(path))
    return {}


def write(library, path, compression):
    import pyarrow.parquet

    table = loaded[library]
    clock = Clock()
    if library == "pandas":
        table.to_parquet(path, compression=compression)
    elif library == "pyarrow":
        pyarrow.parquet.write_table(table, path, compression=compression)
    else:
        table.write_parquet(path, compression=compression)
    return {"write": clock.lap()}


serve(read=read, load=load, write=write)
