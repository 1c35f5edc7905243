"""Reference coefficients and scores of the models, from scikit-learn. Run from the root: .venv/bin/python test/reference/models.py"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, log_loss, r2_score, root_mean_squared_error
from sklearn.preprocessing import StandardScaler

here = pathlib.Path(__file__).parent
draw = np.random.default_rng(20261122)
SEEDS = 20


def table(x, names):
    return {str(name): [float(v) for v in x[:, j]] for j, name in enumerate(names)}


cancer = load_breast_cancer()
cancer_x, cancer_y = cancer.data[:, :10].round(4), cancer.target
wine = load_wine()
wine_x, wine_y = wine.data, wine.target
diabetes = load_diabetes(scaled=False)
diabetes_x, diabetes_y = diabetes.data.round(4), diabetes.target

weights = {name: draw.integers(0, 4, n).astype(float) / 2 for name, n in [("cancer", len(cancer_y)), ("wine", len(wine_y)), ("diabetes", len(diabetes_y))]}


def logistic(name, x, y, scaled, weighted=False, **options):
    # The same minimum as that of the default solver, lbfgs, which stops some digits earlier.
    used = StandardScaler().fit_transform(x) if scaled else x
    model = LogisticRegression(solver="newton-cholesky", tol=1e-13, max_iter=100000, **options)
    model.fit(used, y, sample_weight=weights[name] if weighted else None)
    return {"data": name, "scaled": scaled, "weighted": weighted, "options": options, "coef": model.coef_.tolist(), "intercept": model.intercept_.tolist(), "probabilities": model.predict_proba(used[:5]).tolist()}


def ridge(scaled, weighted=False, **options):
    used = StandardScaler().fit_transform(diabetes_x) if scaled else diabetes_x
    model = Ridge(solver="cholesky", **options).fit(used, diabetes_y, sample_weight=weights["diabetes"] if weighted else None)
    return {"data": "diabetes", "scaled": scaled, "weighted": weighted, "options": options, "coef": model.coef_.tolist(), "intercept": float(model.intercept_), "predictions": model.predict(used[:5]).tolist()}


def forest(name, x, y, regression=False, **options):
    """Scores of a forest over several seeds on one fixed hold-out: their mean and spread."""
    order = np.random.default_rng(7).permutation(len(y))
    test, train = order[: len(y) // 4], order[len(y) // 4:]
    scores = []
    for seed in range(SEEDS):
        if regression:
            model = RandomForestRegressor(random_state=seed, **options).fit(x[train], y[train])
            predicted = model.predict(x[test])
            scores.append([root_mean_squared_error(y[test], predicted), r2_score(y[test], predicted)])
        else:
            model = RandomForestClassifier(random_state=seed, **options).fit(x[train], y[train])
            scores.append([accuracy_score(y[test], model.predict(x[test])), log_loss(y[test], np.clip(model.predict_proba(x[test]), 1e-12, 1))])
    return {"data": name, "options": options, "test": sorted(test.tolist()), "metrics": ["rmse", "r2"] if regression else ["accuracy", "logLoss"],
            "mean": np.mean(scores, axis=0).tolist(), "std": np.std(scores, axis=0, ddof=1).tolist(), "seeds": SEEDS}


out = {
    "made_by": f"scikit-learn {sklearn.__version__}",
    "data": {
        "cancer": {"columns": table(cancer_x, cancer.feature_names[:10]), "target": [["malignant", "benign"][v] for v in cancer_y], "weights": weights["cancer"].tolist()},
        "wine": {"columns": table(wine_x, wine.feature_names), "target": [f"class {v}" for v in wine_y], "weights": weights["wine"].tolist()},
        "diabetes": {"columns": table(diabetes_x, diabetes.feature_names), "target": diabetes_y.tolist(), "weights": weights["diabetes"].tolist()},
    },
    # scikit-learn's classes are 0 = malignant, 1 = benign; sorted as text they are the other way round.
    "logistic": [
        logistic("cancer", cancer_x, 1 - cancer_y, True),
        logistic("cancer", cancer_x, 1 - cancer_y, True, C=0.1),
        logistic("cancer", cancer_x, 1 - cancer_y, True, C=10.0, fit_intercept=False),
        logistic("cancer", cancer_x, 1 - cancer_y, True, weighted=True),
        logistic("cancer", cancer_x, 1 - cancer_y, True, class_weight="balanced"),
        logistic("wine", wine_x, wine_y, True),
        logistic("wine", wine_x, wine_y, True, C=0.01),
        logistic("wine", wine_x, wine_y, True, weighted=True),
        logistic("wine", wine_x, wine_y, True, C=5.0, class_weight="balanced", fit_intercept=False),
    ],
    "ridge": [
        ridge(True), ridge(True, alpha=0.0), ridge(True, alpha=100.0), ridge(True, fit_intercept=False), ridge(True, weighted=True),
        ridge(False), ridge(False, alpha=10.0, weighted=True),
    ],
    "forest": [
        forest("cancer", cancer_x, cancer_y, n_estimators=50),
        forest("cancer", cancer_x, cancer_y, n_estimators=50, max_depth=3),
        forest("wine", wine_x, wine_y, n_estimators=50),
        forest("wine", wine_x, wine_y, n_estimators=50, min_samples_leaf=5),
        forest("diabetes", diabetes_x, diabetes_y, regression=True, n_estimators=50),
        forest("diabetes", diabetes_x, diabetes_y, regression=True, n_estimators=50, max_features=0.4, min_samples_leaf=3),
        forest("diabetes", diabetes_x, diabetes_y, regression=True, n_estimators=50, max_depth=4, bootstrap=False),
    ],
}
(here / "models.json").write_text(json.dumps(out) + "\n")
