"""Reference values of every metric, from scikit-learn. Run from the root: .venv/bin/python test/reference/metrics.py"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn import metrics as m

here = pathlib.Path(__file__).parent
draw = np.random.default_rng(20261121)


def classification(n, labels, skew=None):
    truth = draw.choice(labels, n, p=skew)
    wrong = draw.random(n) < 0.3
    predicted = np.where(wrong, draw.choice(labels, n), truth)
    raw = draw.random((n, len(labels))) + 1.5 * (np.asarray(labels)[None, :] == truth[:, None])
    proba = np.round(raw / raw.sum(axis=1, keepdims=True), 3)
    proba[:, -1] = 1 - proba[:, :-1].sum(axis=1)
    return truth, predicted, proba


cases = []
for name, n, labels, skew in [
    ("two labels", 101, ["no", "yes"], None),
    ("two numbers, rare positive", 400, [0, 1], [0.95, 0.05]),
    ("three labels", 150, ["Adelie", "Chinstrap", "Gentoo"], [0.45, 0.2, 0.35]),
    ("numbers that are not 0 and 1", 60, [2, 5, 11, 100], None),
]:
    truth, predicted, proba = classification(n, labels, skew)
    binary = len(labels) == 2
    positive = labels[-1]
    expected = {"accuracy": m.accuracy_score(truth, predicted)}
    for score, function in [("f1", m.f1_score), ("precision", m.precision_score), ("recall", m.recall_score)]:
        for average in ["macro", "micro", "weighted"]:
            expected[f"{score} {average}"] = function(truth, predicted, average=average, zero_division=0)
        if binary:
            expected[f"{score} binary"] = function(truth, predicted, pos_label=positive, zero_division=0)
    expected["logLoss"] = m.log_loss(truth, proba, labels=labels)
    if binary:
        expected["rocAuc"] = m.roc_auc_score(truth, proba[:, 1])
    else:
        expected["rocAuc macro"] = m.roc_auc_score(truth, proba, multi_class="ovr", average="macro", labels=labels)
        expected["rocAuc weighted"] = m.roc_auc_score(truth, proba, multi_class="ovr", average="weighted", labels=labels)
    cases.append({
        "name": name, "labels": labels, "truth": truth.tolist(), "predicted": predicted.tolist(), "probabilities": proba.tolist(),
        "confusion": m.confusion_matrix(truth, predicted, labels=labels).tolist(), "expected": {k: float(v) for k, v in expected.items()},
    })

ties_truth = draw.integers(0, 2, 300)
ties_score = np.round(draw.random(300) * 0.7 + ties_truth * 0.3, 1)
ties = {"truth": ties_truth.tolist(), "scores": ties_score.tolist(), "rocAuc": float(m.roc_auc_score(ties_truth, ties_score))}

sure = {"truth": [0, 1, 1], "scores": [0.0, 1.0, 0.0]}
sure["logLoss"] = float(m.log_loss(sure["truth"], sure["scores"]))

regression = []
for name, truth, predicted in [
    ("noise", draw.normal(100, 30, 200), None),
    ("far from zero", 1e9 + draw.normal(0, 1, 50), None),
    ("worse than the mean", np.arange(20.0), np.arange(20.0)[::-1].copy()),
    ("no variance, met", np.full(5, 3.0), np.full(5, 3.0)),
    ("no variance, missed", np.full(5, 3.0), np.full(5, 4.0)),
]:
    if predicted is None:
        predicted = truth + draw.normal(0, 0.4, len(truth))
    regression.append({
        "name": name, "truth": truth.tolist(), "predicted": predicted.tolist(),
        "expected": {
            "mae": float(m.mean_absolute_error(truth, predicted)), "mse": float(m.mean_squared_error(truth, predicted)),
            "rmse": float(m.root_mean_squared_error(truth, predicted)), "r2": float(m.r2_score(truth, predicted)),
        },
    })

(here / "metrics.json").write_text(json.dumps({"scikit-learn": sklearn.__version__, "classification": cases, "ties": ties, "sure": sure, "regression": regression}) + "\n")
