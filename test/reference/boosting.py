"""Reference rounds and scores of gradient boosting, from LightGBM. Run from the root: .venv/bin/python test/reference/boosting.py

`rounds`: raw scores of the training rows after the first rounds, on columns with fewer different values than bins, so
that both libraries see the same cuts. `scores`: mean hold-out scores over five splits, on the data of models.json.
"""
import json
import pathlib
import warnings

import lightgbm
import numpy as np
from sklearn.metrics import log_loss, mean_pinball_loss, roc_auc_score, root_mean_squared_error

warnings.filterwarnings("ignore")
here = pathlib.Path(__file__).parent
models = json.loads((here / "models.json").read_text())["data"]
draw = np.random.default_rng(20261122)

ROWS = 200
QUIET = {"verbose": -1, "num_threads": 1, "deterministic": True, "force_col_wise": True, "feature_pre_filter": False, "enable_bundle": False, "max_bin": 255}


def matrix(name, rows=None):
    data = models[name]
    target = np.array(data["target"])
    # Labels as places among the sorted classes.
    if name != "diabetes":
        target = np.unique(target, return_inverse=True)[1]
    return np.array(list(data["columns"].values())).T[:rows], target[:rows]


diabetes_x, diabetes_y = matrix("diabetes", ROWS)
cancer_x, cancer_y = matrix("cancer", ROWS)
wine_x, wine_y = matrix("wine")
# Ties between equally good cuts fall differently; targets with a little noise have none.
noisy = (diabetes_y + draw.normal(0, 3, ROWS)).round(3)
targets = {
    "noisy": noisy,
    "counts": np.maximum(0, (noisy / 20).round() - 4),
    "positive": np.maximum(1, noisy),
    "amounts": np.maximum(0, noisy - 140).round(3),
    "grades": np.clip((noisy // 60).astype(int), 0, 4),
    "cancer": cancer_y,
    "wine": wine_y,
}
features = {**{name: "diabetes" for name in ["noisy", "counts", "positive", "amounts", "grades"]}, "cancer": "cancer", "wine": "wine"}
weights = {name: draw.uniform(0.2, 3, len(values)).round(3) for name, values in targets.items()}
group_sizes = [20, 5, 30, 1, 24, 40, 12, 28, 40]
assert sum(group_sizes) == ROWS


def rounds(target, objective, weighted=False, lightgbm_objective=None, **options):
    x, _ = matrix(features[target], ROWS)
    y = targets[target]
    names = {"alpha": "alpha", "fairC": "fair_c", "tweedieVariancePower": "tweedie_variance_power", "maxLeaves": "num_leaves", "maxDepth": "max_depth", "minChildSamples": "min_data_in_leaf",
             "minChildWeight": "min_sum_hessian_in_leaf", "regAlpha": "lambda_l1", "regLambda": "lambda_l2", "minSplitGain": "min_gain_to_split", "learningRate": "learning_rate",
             "scalePosWeight": "scale_pos_weight", "maxDeltaStep": "max_delta_step"}
    # LightGBM estimates the rows of a leaf from rounded hessians where these differ: a bound on hessians is comparable then.
    constant = not weighted and objective in ("squared", "absolute", "huber", "quantile")
    bound = {"minChildSamples": 10} if constant else {"minChildSamples": 0, "minChildWeight": {"squared": 10, "absolute": 10, "quantile": 10, "huber": 10, "mape": 10, "poisson": 30, "gamma": 10, "tweedie": 100, "fair": 3}.get(objective, 1)}
    options = {"learningRate": 0.3, "maxLeaves": 6, **bound, **options}
    settings = {**QUIET, "objective": lightgbm_objective or objective, **{names[key]: value for key, value in options.items()}}
    if objective == "softmax":
        settings["num_class"] = 3
    data = lightgbm.Dataset(x, y, weight=weights[target] if weighted else None, group=group_sizes if objective == "lambdarank" else None)
    model = lightgbm.train(settings, data, num_boost_round=10)
    # Of few different targets many cuts are equally good, and which one is taken is a matter of rounding.
    after = [1] if "scalePosWeight" in options else [1, 3] if not weighted and objective in ("poisson", "logistic", "softmax") else [1, 3, 10]
    raw = [model.predict(x[:40], raw_score=True, num_iteration=n).reshape(-1).tolist() for n in after]
    return {"target": target, "objective": objective, "weighted": weighted, "options": options, "after": after, "raw": [[float(f"{v:.9g}") for v in each] for each in raw]}


def holdout(name, metric, **options):
    x, y = matrix(name)
    order = np.random.default_rng(5).permutation(len(y))
    folds = [sorted(order[s::5].tolist()) for s in range(5)]
    names = {"nEstimators": "n_estimators", "learningRate": "learning_rate", "maxLeaves": "num_leaves", "minChildSamples": "min_child_samples", "objective": "objective", "alpha": "alpha"}
    settings = {names[key]: value for key, value in options.items()}
    scores = []
    for fold in folds:
        train = np.setdiff1d(np.arange(len(y)), fold)
        kind = lightgbm.LGBMRegressor if metric in ("rmse", "pinball") else lightgbm.LGBMClassifier
        model = kind(verbose=-1, n_jobs=1, **settings).fit(x[train], y[train])
        if metric == "rmse":
            scores.append(root_mean_squared_error(y[fold], model.predict(x[fold])))
        elif metric == "pinball":
            scores.append(mean_pinball_loss(y[fold], model.predict(x[fold]), alpha=options["alpha"]))
        elif metric == "rocAuc":
            scores.append(roc_auc_score(y[fold], model.predict_proba(x[fold])[:, 1]))
        else:
            scores.append(log_loss(y[fold], model.predict_proba(x[fold])))
    return {"data": name, "metric": metric, "options": options, "folds": folds, "scores": scores}


reference = {
    "lightgbm": lightgbm.__version__,
    "targets": {name: values.tolist() for name, values in targets.items()},
    "features": features,
    "weights": {name: values.tolist() for name, values in weights.items()},
    "groups": group_sizes,
    "rounds": [
        rounds("noisy", "squared", lightgbm_objective="regression"),
        rounds("noisy", "squared", weighted=True, lightgbm_objective="regression"),
        rounds("noisy", "squared", lightgbm_objective="regression", regAlpha=40, regLambda=3, minSplitGain=500),
        rounds("noisy", "squared", lightgbm_objective="regression", maxDepth=2, minChildSamples=1),
        rounds("noisy", "squared", lightgbm_objective="regression", maxDeltaStep=5),
        rounds("noisy", "absolute", lightgbm_objective="regression_l1"),
        rounds("noisy", "absolute", weighted=True, lightgbm_objective="regression_l1", maxLeaves=3),
        rounds("noisy", "huber", alpha=30),
        rounds("noisy", "huber", weighted=True, alpha=30),
        rounds("noisy", "fair", fairC=20),
        rounds("noisy", "fair", weighted=True, fairC=20),
        rounds("noisy", "quantile", alpha=0.8),
        rounds("noisy", "quantile", weighted=True, alpha=0.8, maxLeaves=3),
        rounds("positive", "mape"),
        rounds("counts", "poisson", maxLeaves=3),
        rounds("counts", "poisson", weighted=True),
        rounds("positive", "gamma"),
        rounds("positive", "gamma", weighted=True),
        rounds("amounts", "tweedie", tweedieVariancePower=1.4),
        rounds("amounts", "tweedie", weighted=True, tweedieVariancePower=1.4),
        rounds("cancer", "logistic", lightgbm_objective="binary", maxLeaves=3),
        rounds("cancer", "logistic", weighted=True, lightgbm_objective="binary"),
        rounds("cancer", "logistic", lightgbm_objective="binary", maxLeaves=3, scalePosWeight=3.5),
        rounds("wine", "softmax", lightgbm_objective="multiclass", maxLeaves=2),
        rounds("wine", "softmax", weighted=True, lightgbm_objective="multiclass"),
        rounds("grades", "lambdarank"),
    ],
    "scores": [
        holdout("diabetes", "rmse", nEstimators=60, learningRate=0.1, maxLeaves=7),
        holdout("diabetes", "pinball", nEstimators=60, learningRate=0.1, maxLeaves=7, objective="quantile", alpha=0.8),
        holdout("cancer", "rocAuc", nEstimators=60),
        holdout("cancer", "logLoss", nEstimators=60),
        holdout("wine", "logLoss", nEstimators=60, minChildSamples=10),
    ],
}
(here / "boosting.json").write_text(json.dumps(reference, separators=(",", ":")) + "\n")
