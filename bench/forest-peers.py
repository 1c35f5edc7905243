"""Forests by scikit-learn, at the same settings as bench/forest.mjs."""
import os

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


def fit(kind, task, trees, seed=0):
    import sklearn.ensemble
    from sklearn.metrics import accuracy_score, log_loss, mean_squared_error, roc_auc_score

    model = getattr(sklearn.ensemble, kind + ("Regressor" if task == "regression" else "Classifier"))(n_estimators=trees, n_jobs=THREADS, random_state=seed)
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
        answer["accuracy"] = float(accuracy_score(truth, model.classes_[predicted.argmax(axis=1)]))
        answer["logLoss"] = float(log_loss(truth, predicted))
    return answer


if __name__ == "__main__":
    serve(load=load, fit=fit)
