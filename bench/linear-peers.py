"""Linear models, k-means, PCA and neighbours by scikit-learn, at the same settings as bench/linear.mjs.

Scaling and one-hot encoding are part of the fit on both sides. Here they start from one matrix of float64, with categories as
numbers, which is what scikit-learn encodes fastest.
"""
import os

import numpy as np
import pyarrow.parquet as pq
from peer import Clock, serve

THREADS = int(os.environ["OMP_NUM_THREADS"])
CATEGORIES = ["carrier", "origin", "dest"]
loaded = {}


def load(train, test):
    for part, path in (("train", train), ("test", test)):
        table = pq.read_table(path)
        names = [name for name in table.column_names if name not in ("y", "yr")]
        loaded[part] = (np.column_stack([table[name].to_numpy() for name in names]), table["y"].to_numpy(), table["yr"].to_numpy())
    loaded["categories"] = [names.index(name) for name in CATEGORIES]
    return {}


def prepared(encode):
    from sklearn.compose import ColumnTransformer
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    if not encode:
        return StandardScaler()
    numbers = [i for i in range(loaded["train"][0].shape[1]) if i not in loaded["categories"]]
    return ColumnTransformer([("numbers", StandardScaler(), numbers), ("categories", OneHotEncoder(handle_unknown="ignore"), loaded["categories"])])


def fit(kind, encode=False, seed=0):
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.linear_model import Lasso, LogisticRegression, Ridge
    from sklearn.metrics import accuracy_score, mean_squared_error, roc_auc_score
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline

    features, label, amount = loaded["train"]
    held, truth, wanted = loaded["test"]
    model = {
        "logistic": lambda: LogisticRegression(max_iter=1000),
        "ridge": lambda: Ridge(),
        "lasso": lambda: Lasso(alpha=0.1),
        "k-means": lambda: KMeans(8, n_init=3, random_state=seed),
        "PCA": lambda: PCA(5),
        "neighbours": lambda: KNeighborsClassifier(5, n_jobs=THREADS),
    }[kind]()
    model = make_pipeline(prepared(encode), model)
    clock = Clock()
    model.fit(features, amount if kind in ("ridge", "lasso") else label)
    answer = {"fit": clock.lap()}
    if kind == "k-means":
        return {**answer, "inertia": float(model[-1].inertia_)}
    if kind == "PCA":
        return {**answer, "explained": float(model[-1].explained_variance_ratio_.sum())}
    if kind == "neighbours":
        some = held[:5000]
        clock.lap()
        predicted = model.predict(some)
        answer["predict"] = clock.lap()
        return {**answer, "accuracy": float(accuracy_score(truth[:5000], predicted))}
    clock.lap()
    predicted = model.predict_proba(held)[:, 1] if kind == "logistic" else model.predict(held)
    answer["predict"] = clock.lap()
    if kind == "logistic":
        return {**answer, "auc": float(roc_auc_score(truth, predicted))}
    return {**answer, "rmse": float(mean_squared_error(wanted, predicted)) ** 0.5}


if __name__ == "__main__":
    serve(load=load, fit=fit)
