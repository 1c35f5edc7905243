"""Metrics and cross-validation by scikit-learn, on the same columns as bench/metrics.mjs."""
import numpy as np
import pyarrow.parquet as pq
from peer import Clock, serve
from sklearn import metrics as m

columns = {}


def load(file, rows):
    table = pq.read_table(file).slice(0, rows)
    columns.clear()
    for name in table.column_names:
        columns[name] = table[name].to_numpy()
    columns["guess"] = (columns["score"] > 0.3).astype(np.int32)
    columns["text"] = np.where(columns["y"] == 1, "late", "in time")
    columns["guess text"] = np.where(columns["guess"] == 1, "late", "in time")
    columns["points"] = np.column_stack([columns[name] for name in ["departs", "arrives", "distance", "carrier", "origin", "dest", "month", "day"]])
    return {}


def measure(repeats, silhouette):
    c = columns
    y, score, guess, yr, delay = c["y"], c["score"], c["guess"], c["yr"], c["delay"]

    def seconds(work, times=repeats):
        clock = Clock()
        for _ in range(times):
            work()
        return clock.lap() / times

    return {
        "rocAuc": seconds(lambda: m.roc_auc_score(y, score)),
        "averagePrecision": seconds(lambda: m.average_precision_score(y, score)),
        "logLoss": seconds(lambda: m.log_loss(y, score)),
        "brier": seconds(lambda: m.brier_score_loss(y, score)),
        "f1": seconds(lambda: m.f1_score(y, guess)),
        "f1 of text": seconds(lambda: m.f1_score(c["text"], c["guess text"], pos_label="late")),
        "accuracy": seconds(lambda: m.accuracy_score(y, guess)),
        "mcc": seconds(lambda: m.matthews_corrcoef(y, guess)),
        "rmse": seconds(lambda: m.root_mean_squared_error(yr, delay)),
        "mae": seconds(lambda: m.mean_absolute_error(yr, delay)),
        "r2": seconds(lambda: m.r2_score(yr, delay)),
        "medianAe": seconds(lambda: m.median_absolute_error(yr, delay)),
        **({"silhouette": seconds(lambda: m.silhouette_score(c["points"], c["weekday"]), 1)} if silhouette else {}),
        "auc": float(m.roc_auc_score(y, score)),
    }


def load_table(file):
    table = pq.read_table(file)
    names = [name for name in table.column_names if name not in ("y", "yr")]
    columns.clear()
    columns["x"] = np.column_stack([table[name].to_numpy() for name in names])
    columns["y"] = table["y"].to_numpy()
    return {}


def folds(model, seed, jobs):
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.model_selection import StratifiedKFold, cross_validate

    made = RandomForestClassifier(n_estimators=100, random_state=seed) if model == "RandomForest" else HistGradientBoostingClassifier(max_iter=100, early_stopping=False, random_state=seed)
    clock = Clock()
    found = cross_validate(made, columns["x"], columns["y"], cv=StratifiedKFold(5, shuffle=True, random_state=seed), scoring=["roc_auc", "neg_log_loss"], n_jobs=jobs)
    return {"all": clock.lap(), "auc": float(found["test_roc_auc"].mean())}


if __name__ == "__main__":
    serve(load=load, measure=measure, load_table=load_table, folds=folds)
