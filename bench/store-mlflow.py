"""MLflow's side of the store bench: does what a line of its input asks for and prints how long that took.

Local tracking as MLflow sets it up by itself: SQLite for the records, a folder for the artifacts.
"""

import os
import sqlite3
import sys
import time

folder, mode = sys.argv[1:3]
os.makedirs(folder, exist_ok=True)
os.chdir(folder)
os.environ["MLFLOW_ENABLE_ASYNC_LOGGING"] = "false"
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "true"

import mlflow  # noqa: E402
from mlflow.entities import Metric, Param  # noqa: E402

DATABASE = "mlflow.db"
mlflow.set_tracking_uri(f"sqlite:///{DATABASE}")
PARAMS = {f"param_{at}": at * 1.5 for at in range(10)}
ARTIFACT = "row,prediction\n" * 700


def values(step):
    return {f"metric_{at}": 1 / (step + at + 1) for at in range(10)}


def log_steps():
    with mlflow.start_run():
        mlflow.log_params(PARAMS)
        for step in range(100):
            mlflow.log_metrics(values(step), step=step)
        artifacts()


def log_batch():
    with mlflow.start_run() as run:
        now = int(time.time() * 1000)
        metrics = [Metric(name, value, now, step) for step in range(100) for name, value in values(step).items()]
        params = [Param(name, str(value)) for name, value in PARAMS.items()]
        mlflow.MlflowClient().log_batch(run.info.run_id, metrics=metrics, params=params)
        artifacts()


def artifacts():
    for file in range(5):
        mlflow.log_text(ARTIFACT, f"predictions_{file}.csv")


def fill(count):
    """Copies the rows of one run in an experiment of its own: the making is not what is measured."""
    mlflow.set_experiment("filled")
    log_batch()
    database = sqlite3.connect(DATABASE)
    experiment = mlflow.get_experiment_by_name("filled").experiment_id
    (first,) = database.execute("select run_uuid from runs where experiment_id = ?", (experiment,)).fetchone()
    for table, key in (("runs", "run_uuid"), ("params", "run_uuid"), ("tags", "run_uuid"), ("latest_metrics", "run_uuid")):
        columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
        rows = database.execute(f"select {', '.join(columns)} from {table} where {key} = ?", (first,)).fetchall()
        at_id = columns.index(key)
        copies = []
        for number in range(1, count):
            for row in rows:
                copy = list(row)
                copy[at_id] = f"{number:032x}"
                if table == "latest_metrics" and copy[columns.index("key")] == "metric_0":
                    copy[columns.index("value")] = (number * 7919) % count
                copies.append(copy)
        marks = ", ".join("?" * len(columns))
        database.executemany(f"insert into {table} ({', '.join(columns)}) values ({marks})", copies)
    database.commit()
    database.close()


def best():
    found = mlflow.search_runs(experiment_names=["filled"], order_by=["metrics.metric_0 DESC"], max_results=100)
    assert len(found) == 100 and found["metrics.metric_0"][0] >= 9_999, "the list is not the best 100"


def do(words):
    start = time.perf_counter()
    {"log steps": log_steps, "log batch": log_batch, "best": best}.get(" ".join(words), lambda: fill(int(words[1])))()
    return (time.perf_counter() - start) * 1000


if mode == "once":
    best()
else:
    for line in sys.stdin:
        print("took", do(line.split()), flush=True)
