"""Reference values of linear models, neighbours, naive Bayes, k-means and PCA, from scikit-learn.

Run from the root: .venv/bin/python test/reference/linear.py
"""
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

here = pathlib.Path(__file__).parent
draw = np.random.default_rng(20261122)
warnings.simplefilter("error", sklearn.exceptions.ConvergenceWarning)

diabetes = load_diabetes(scaled=False)
wine = load_wine()
cancer = load_breast_cancer()
iris = load_iris()
digits = load_digits()
# Counts of ink in the four by four squares of a digit, of the first 300: columns with ties and zeros, 10 classes.
ink = digits.data[:300].reshape(-1, 4, 2, 4, 2).sum(axis=(2, 4)).reshape(-1, 16)
# 900 rows of 300 categories, two numbers, and targets that depend on them.
many = draw.integers(0, 300, 900)
many[:300] = np.arange(300)
effect = draw.normal(size=300)
spread = draw.normal(size=(900, 2)).round(3)
amount = (effect[many] + 2 * spread[:, 0] + 0.5 * draw.normal(size=900)).round(4)
sure = (effect[many] + spread[:, 1] > draw.normal(size=900)).astype(int)

data = {
    "diabetes": (diabetes.data.round(4), diabetes.target),
    "wine": (wine.data, wine.target),
    "cancer": (cancer.data[:, :10].round(4), cancer.target),
    "iris": (iris.data, iris.target),
    "ink": (ink, digits.target[:300]),
}
weights = {name: draw.integers(0, 4, len(y)).astype(float) / 2 for name, (_, y) in data.items()}


def table(x):
    return [[float(v) for v in x[:, j]] for j in range(x.shape[1])]


def fitted(name, model, scaled, weighted):
    x, y = data[name]
    used = StandardScaler().fit_transform(x) if scaled else x
    return model.fit(used, y, sample_weight=weights[name] if weighted else None) if weighted else model.fit(used, y), used


def case(kind, name, options, scaled, weighted, **values):
    return {"model": kind, "data": name, "options": options, "scaled": scaled, "weighted": weighted, **values}


def regression(kind, cls, options, scaled=True, weighted=False, exact={}):
    model, used = fitted("diabetes", cls(**options, **exact), scaled, weighted)
    return case(kind, "diabetes", options, scaled, weighted, coef=model.coef_.tolist(), intercept=float(model.intercept_), predictions=model.predict(used[:5]).tolist())


TIGHT = {"tol": 1e-14, "max_iter": 1_000_000}


def lasso(options, **more):
    return regression("Lasso", Lasso, options, exact=TIGHT, **more)


def elastic(options, **more):
    return regression("ElasticNet", ElasticNet, options, exact=TIGHT, **more)


def logistic(name, penalty, weighted=False, **options):
    """Of classes 0 and 1 the coefficients of 1; scikit-learn's own names of penalties changed over time, hence the two forms."""
    ratio = {"l1": 1.0, "l2": 0.0, "elasticnet": options.get("l1_ratio"), None: 0.0}[penalty]
    c = np.inf if penalty is None else options.get("C", 1.0)
    solver = "saga" if ratio else "newton-cg"
    rest = {key: value for key, value in options.items() if key not in ("l1_ratio", "C")}
    model, used = fitted(name, LogisticRegression(C=c, l1_ratio=ratio, solver=solver, tol=1e-12 if ratio else 1e-12, max_iter=1_000_000, **rest), True, weighted)
    return case("LogisticRegression", name, {"penalty": penalty, **options}, True, weighted, coef=model.coef_.tolist(), intercept=model.intercept_.tolist(), probabilities=model.predict_proba(used[:5]).tolist())


def neighbours(kind, cls, name, options, scaled):
    # Every second row is asked about the others, so that no row finds itself.
    x, y = data[name]
    used = StandardScaler().fit(x[::2]).transform(x) if scaled else x
    model = cls(**options).fit(used[::2], y[::2])
    out = model.predict_proba(used[1::2][:20]) if kind == "KNeighborsClassifier" else model.predict(used[1::2][:20])
    return case(kind, name, options, scaled, False, predictions=out.tolist())


def bayes(kind, cls, name, options, scaled=False, weighted=False, integer=False):
    x, y = data[name]
    # Codes without gaps: scikit-learn would count a number that never occurs as a category.
    x = OrdinalEncoder().fit_transform(x.astype(int)) if integer else x
    used = StandardScaler().fit_transform(x) if scaled else x
    model = cls(**options).fit(used, y, sample_weight=weights[name] if weighted else None)
    return case(kind, name, options, scaled, weighted, probabilities=model.predict_proba(used[:12]).tolist())


def pca(name, options, scaled=False, rows=None):
    x = data[name][0][:rows]
    used = StandardScaler().fit_transform(x) if scaled else x
    model = PCA(**options, svd_solver="full").fit(used)
    return case("PCA", name, options, scaled, False, rows=len(x), components=model.components_.tolist(), variance=model.explained_variance_.tolist(),
                ratio=model.explained_variance_ratio_.tolist(), noise=float(model.noise_variance_), scores=model.transform(used[:4]).tolist())


def kmeans(name, k, scaled=False, weighted=False, starts=None, **options):
    x = data[name][0]
    used = StandardScaler().fit_transform(x) if scaled else x
    init = used[:: len(used) // k][:k] if starts is None else np.array(starts, dtype=float)
    model = KMeans(k, init=init, n_init=1, **options).fit(used, sample_weight=weights[name] if weighted else None)
    return case("KMeans", name, options, scaled, weighted, init=init.tolist(), centers=model.cluster_centers_.tolist(), labels=model.labels_.tolist(), inertia=float(model.inertia_), iterations=int(model.n_iter_))


encoded = np.hstack([StandardScaler().fit_transform(spread), OneHotEncoder(sparse_output=False).fit_transform(many[:, None])])
ridge300 = Ridge(alpha=1.0, solver="cholesky").fit(encoded, amount)
logistic300 = LogisticRegression(C=1.0, solver="newton-cg", tol=1e-12, max_iter=100_000).fit(encoded, sure)
lasso300 = Lasso(alpha=0.01, **TIGHT).fit(encoded, amount)
linear300 = LinearRegression().fit(encoded, amount)

out = {
    "made_by": f"scikit-learn {sklearn.__version__}",
    "data": {name: {"columns": table(x), "target": y.tolist(), "weights": weights[name].tolist()} for name, (x, y) in data.items()},
    "many": {
        "category": many.tolist(), "columns": table(spread), "amount": amount.tolist(), "sure": sure.tolist(),
        "ridge": {"coef": ridge300.coef_.tolist(), "intercept": float(ridge300.intercept_)},
        "logistic": {"coef": logistic300.coef_[0].tolist(), "intercept": float(logistic300.intercept_[0])},
        "lasso": {"coef": lasso300.coef_.tolist(), "intercept": float(lasso300.intercept_)},
        "linear": {"predictions": linear300.predict(encoded[:20]).tolist()},
    },
    "cases": [
        regression("LinearRegression", LinearRegression, {}),
        regression("LinearRegression", LinearRegression, {}, scaled=False),
        regression("LinearRegression", LinearRegression, {"fit_intercept": False}, weighted=True),
        lasso({}), lasso({"alpha": 0.1}, scaled=False), lasso({"alpha": 5.0}, weighted=True), lasso({"alpha": 0.5, "positive": True}), lasso({"alpha": 0.3, "fit_intercept": False}),
        elastic({}), elastic({"alpha": 0.2, "l1_ratio": 0.8}, scaled=False), elastic({"alpha": 0.1, "l1_ratio": 0.1}, weighted=True), elastic({"alpha": 0.5, "positive": True}),
        logistic("cancer", "l1"), logistic("cancer", "l1", C=0.1), logistic("cancer", "elasticnet", l1_ratio=0.5, C=0.2), logistic("cancer", "l1", weighted=True, C=0.5),
        logistic("cancer", "l1", C=0.3, fit_intercept=False), logistic("cancer", None), logistic("cancer", "l1", C=0.2, class_weight="balanced"),
        logistic("wine", "l1", C=0.3), logistic("wine", "elasticnet", l1_ratio=0.3, C=0.5), logistic("ink", "l2", C=0.05), logistic("iris", "l2", weighted=True),
        neighbours("KNeighborsClassifier", KNeighborsClassifier, "wine", {}, True), neighbours("KNeighborsClassifier", KNeighborsClassifier, "wine", {"n_neighbors": 7, "weights": "distance"}, True),
        neighbours("KNeighborsRegressor", KNeighborsRegressor, "diabetes", {}, True), neighbours("KNeighborsRegressor", KNeighborsRegressor, "diabetes", {"n_neighbors": 3, "weights": "distance"}, False),
        bayes("GaussianNB", GaussianNB, "iris", {}), bayes("GaussianNB", GaussianNB, "wine", {}, scaled=True, weighted=True), bayes("GaussianNB", GaussianNB, "ink", {"var_smoothing": 1e-3}),
        bayes("GaussianNB", GaussianNB, "iris", {"priors": [0.2, 0.5, 0.3]}),
        bayes("MultinomialNB", MultinomialNB, "ink", {}), bayes("MultinomialNB", MultinomialNB, "ink", {"alpha": 0.1, "fit_prior": False}, weighted=True),
        bayes("BernoulliNB", BernoulliNB, "ink", {"binarize": 20.0}), bayes("BernoulliNB", BernoulliNB, "ink", {"binarize": 5.0, "alpha": 0.5}, weighted=True),
        bayes("CategoricalNB", CategoricalNB, "iris", {}, integer=True), bayes("CategoricalNB", CategoricalNB, "iris", {"alpha": 0.3}, weighted=True, integer=True),
        pca("iris", {}), pca("wine", {"n_components": 3}, scaled=True), pca("cancer", {"n_components": 0.95, "whiten": True}), pca("wine", {"n_components": "mle"}, scaled=True), pca("ink", {"n_components": 5}, rows=12),
        pca("ink", {"n_components": "mle"}),
        kmeans("iris", 3), kmeans("wine", 3, scaled=True), kmeans("ink", 8), kmeans("diabetes", 5, scaled=True, weighted=True), kmeans("cancer", 4, scaled=True, max_iter=300, tol=0.0),
        # Two starts on the same spot far away: one of them loses all its rows.
        kmeans("iris", 4, starts=[[5.0, 3.4, 1.5, 0.2], [90.0, 90.0, 90.0, 90.0], [6.0, 2.8, 4.5, 1.4], [91.0, 91.0, 91.0, 91.0]]),
    ],
}


def short(value):
    """Twelve digits are more than any tolerance needs."""
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, dict):
        return {key: short(each) for key, each in value.items()}
    return [short(each) for each in value] if isinstance(value, list) else value


(here / "linear.json").write_text(json.dumps(short(out), separators=(",", ":")) + "\n")
