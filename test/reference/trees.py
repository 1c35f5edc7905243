"""Trees, forests and isolation forests of scikit-learn, for the tests of ours: writes trees.json beside this file.

Everything here is on whole numbers of few different values, so that bins lose nothing and every cut can be compared.
"""
import json
import pathlib

import numpy as np
from sklearn.datasets import load_iris, load_wine
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, IsolationForest
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

HERE = pathlib.Path(__file__).parent
SEEDS = 20


def columns(features):
    return {f"x{i}": features[:, i].tolist() for i in range(features.shape[1])}


def trees(data):
    out = []
    for options in ({}, {"max_depth": 3}, {"min_samples_leaf": 5}, {"max_leaf_nodes": 6}, {"ccp_alpha": 0.02}, {"min_impurity_decrease": 0.02}, {"min_samples_split": 30}):
        for name, (features, target) in data.items():
            kind = DecisionTreeRegressor if name.endswith("regression") else DecisionTreeClassifier
            # Of equally good cuts scikit-learn takes one at random: what does not depend on which is compared.
            fitted = [kind(random_state=seed, **options).fit(features, target) for seed in range(SEEDS)]
            out.append({
                "data": name,
                "options": options,
                "leaves": sorted({int(tree.get_n_leaves()) for tree in fitted}),
                "depth": sorted({int(tree.get_depth()) for tree in fitted}),
                "score": sorted({float(tree.score(features, target)) for tree in fitted}),
            })
    return out


def extra(data, held):
    out = []
    for name, (features, target) in data.items():
        kind = ExtraTreesRegressor if name.endswith("regression") else ExtraTreesClassifier
        test = np.isin(np.arange(len(target)), held[name])
        scores = [kind(n_estimators=30, random_state=seed).fit(features[~test], target[~test]).score(features[test], target[test]) for seed in range(SEEDS)]
        out.append({"data": name, "test": held[name], "mean": float(np.mean(scores)), "std": float(np.std(scores, ddof=1)), "seeds": SEEDS})
    return out


def isolation():
    random = np.random.RandomState(5)
    usual = random.randint(0, 40, size=(380, 3))
    odd = random.randint(50, 90, size=(20, 3))
    features = np.vstack([usual, odd]).astype(float)
    labels = np.r_[np.zeros(380), np.ones(20)]
    fitted = [IsolationForest(n_estimators=50, random_state=seed).fit(features) for seed in range(SEEDS)]
    scores = np.array([forest.score_samples(features) for forest in fitted])
    one = IsolationForest(n_estimators=5, max_samples=64, contamination=0.05, random_state=1).fit(features)
    return {
        "columns": columns(features),
        "mean": scores.mean(axis=0).tolist(),
        "std": scores.std(axis=0, ddof=1).tolist(),
        "auc": float(np.mean([roc_auc_score(labels, -row) for row in scores])),
        # One forest with its trees, whose scores ours must give from the same trees.
        "trees": [
            {
                "feature": np.where(tree.tree_.children_left < 0, -1, tree.tree_.feature).tolist(),
                "threshold": np.where(tree.tree_.children_left < 0, 0, tree.tree_.threshold).tolist(),
                "right": np.where(tree.tree_.children_left < 0, 0, tree.tree_.children_right).tolist(),
                "rows": tree.tree_.n_node_samples.tolist(),
            }
            for tree in one.estimators_
        ],
        "samples": int(one.max_samples_),
        "offset": float(one.offset_),
        "scores": one.score_samples(features).tolist(),
        "labels": one.predict(features).tolist(),
    }


iris, wine = load_iris(), load_wine()
data = {
    "iris": (np.round(iris.data * 10), iris.target),
    "wine": (np.round(wine.data[:, :6] * 4), wine.target),
    "wine regression": (np.round(wine.data[:, :6] * 4), np.round(wine.data[:, 12])),
}
held = {name: np.random.RandomState(3).permutation(len(target))[: len(target) // 3].tolist() for name, (_, target) in data.items()}
result = {
    "data": {name: {"columns": columns(features), "target": [str(value) for value in target] if not name.endswith("regression") else target.tolist()} for name, (features, target) in data.items()},
    "trees": trees(data),
    "extra": extra(data, held),
    "isolation": isolation(),
}
(HERE / "trees.json").write_text(json.dumps(result) + "\n")
