"""Boosting by LightGBM, XGBoost and scikit-learn, at the same settings as bench/trees.mjs."""
import os
import resource

import numpy as np
import pyarrow.parquet as pq
from peer import Clock, serve

THREADS = int(os.environ["OMP_NUM_THREADS"])
loaded = {}


def load(train, test, target):
    for part, path in (("train", train), ("test", test)):
        table = pq.read_table(path)
        features = [name for name in table.column_names if name not in ("y", "yr")]
        loaded[part] = (np.column_stack([table[name].to_numpy() for name in features]), table[target].to_numpy())
    return {}


def booster(library, task, trees, seed):
    if library == "LightGBM":
        import lightgbm

        kind = lightgbm.LGBMRegressor if task == "regression" else lightgbm.LGBMClassifier
        return kind(n_estimators=trees, num_leaves=31, learning_rate=0.1, max_bin=255, min_child_samples=20, n_jobs=THREADS, random_state=seed, verbose=-1)
    if library == "XGBoost":
        import xgboost

        kind = xgboost.XGBRegressor if task == "regression" else xgboost.XGBClassifier
        return kind(n_estimators=trees, max_leaves=31, grow_policy="lossguide", max_depth=0, learning_rate=0.1, max_bin=255, tree_method="hist", n_jobs=THREADS, random_state=seed)
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingRegressor if task == "regression" else HistGradientBoostingClassifier
    return kind(max_iter=trees, max_leaf_nodes=31, learning_rate=0.1, max_bins=255, min_samples_leaf=20, early_stopping=False, random_state=seed)


def fit(library, task, trees, seed=0):
    from sklearn.metrics import log_loss, mean_squared_error, roc_auc_score

    model = booster(library, task, trees, seed)
    features, target = loaded["train"]
    held, truth = loaded["test"]
    clock = Clock()
    model.fit(features, target)
    seconds = clock.lap()
    predicted = model.predict(held) if task == "regression" else model.predict_proba(held)
    answer = {"fit": seconds, "predict": clock.lap()}
    if task == "regression":
        answer["rmse"] = float(mean_squared_error(truth, predicted)) ** 0.5
    elif task == "binary":
        answer["auc"] = float(roc_auc_score(truth, predicted[:, 1]))
    else:
        answer["logLoss"] = float(log_loss(truth, predicted))
    answer["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return answer


if __name__ == "__main__":
    serve(load=load, fit=fit)
