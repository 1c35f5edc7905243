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



def many(truth, predicted, proba, labels, weights):
    """Every metric of classes as "name option=value …"; the reader parses the key."""
    w = {} if weights is None else {"sample_weight": weights}
    positive = labels[-1]
    binary = len(labels) == 2
    out = {
        "accuracy": m.accuracy_score(truth, predicted, **w),
        "balancedAccuracy": m.balanced_accuracy_score(truth, predicted, **w),
        "balancedAccuracy adjusted=true": m.balanced_accuracy_score(truth, predicted, adjusted=True, **w),
        "mcc": m.matthews_corrcoef(truth, predicted, **w),
        "kappa": m.cohen_kappa_score(truth, predicted, labels=labels, **w),
        "kappa disagreement=linear": m.cohen_kappa_score(truth, predicted, labels=labels, weights="linear", **w),
        "kappa disagreement=quadratic": m.cohen_kappa_score(truth, predicted, labels=labels, weights="quadratic", **w),
        "logLoss": m.log_loss(truth, proba, labels=labels, **w),
    }
    for average in ["macro", "micro", "weighted"] + (["binary"] if binary else []):
        pos = {"pos_label": positive} if average == "binary" else {}
        for name, function in [("f1", m.f1_score), ("precision", m.precision_score), ("recall", m.recall_score)]:
            out[f"{name} average={average}"] = function(truth, predicted, average=average, zero_division=0, **pos, **w)
        for beta in [0.5, 2]:
            out[f"fBeta average={average} beta={beta}"] = m.fbeta_score(truth, predicted, beta=beta, average=average, zero_division=0, **pos, **w)
    hit = (np.asarray(labels)[None, :] == truth[:, None]).astype(int)
    if binary:
        score = proba[:, 1]
        signed = np.where(truth == positive, 1, -1)
        precision, recall, _ = m.precision_recall_curve(truth, score, pos_label=positive, **w)
        out |= {
            "brier": m.brier_score_loss(truth, score, pos_label=positive, **w),
            "rocAuc": m.roc_auc_score(truth, score, **w),
            "rocAuc maxFpr=0.2": m.roc_auc_score(truth, score, max_fpr=0.2, **w),
            "averagePrecision": m.average_precision_score(truth, score, pos_label=positive, **w),
            "prAuc": m.auc(recall, precision),
            "hinge": m.hinge_loss(signed, score, **w),
            "topKAccuracy k=1": m.top_k_accuracy_score(truth, score, k=1, labels=labels, **w),
        }
    else:
        out["brier"] = m.brier_score_loss(truth, proba, labels=labels, scale_by_half=False, **w)
        out["hinge"] = m.hinge_loss(truth, proba, labels=labels, **w)
        for k in [1, 2, 3]:
            out[f"topKAccuracy k={k}"] = m.top_k_accuracy_score(truth, proba, k=k, labels=labels, **w)
        for average in ["macro", "weighted", "micro"]:
            out[f"rocAuc average={average}"] = m.roc_auc_score(truth, proba, multi_class="ovr", average=average, labels=labels, **w)
            out[f"averagePrecision average={average}"] = m.average_precision_score(hit, proba, average=average, **w)
            if weights is None and average != "micro":
                out[f"rocAuc multiClass=ovo average={average}"] = m.roc_auc_score(truth, proba, multi_class="ovo", average=average, labels=labels)
    return {key: float(value) for key, value in out.items()}


detailed = []
for name, n, labels, tied in [
    ("two labels", 101, ["no", "yes"], False),
    ("two numbers, scores in ties", 250, [0, 1], True),
    ("three labels, scores in ties", 150, ["Adelie", "Chinstrap", "Gentoo"], True),
    ("forty classes", 240, list(range(40)), False),
]:
    truth, predicted, proba = classification(n, labels)
    truth[: len(labels)] = labels
    raw = np.round(proba * 8) + 1 if tied else np.maximum(proba, 0) + 1e-3
    # Short in binary and in decimal, and sums to 1 exactly.
    proba = np.floor(raw / raw.sum(axis=1, keepdims=True) * 1024) / 1024
    proba[:, 0] += 1 - proba.sum(axis=1)
    weights = np.round(draw.random(n) * 3, 2)
    weights[len(labels): len(labels) + 5] = 0
    detailed.append({
        "name": name, "labels": labels, "truth": truth.tolist(), "predicted": predicted.tolist(), "probabilities": proba.tolist(), "weights": weights.tolist(),
        "plain": many(truth, predicted, proba, labels, None), "weighted": many(truth, predicted, proba, labels, weights),
        "confusion": m.confusion_matrix(truth, predicted, labels=labels, sample_weight=weights).tolist(),
    })

curves = []
for name, weighted, tied in [("plain", False, False), ("ties and weights", True, True)]:
    truth = draw.integers(0, 2, 60)
    score = draw.random(60) * 0.6 + truth * 0.3
    if tied:
        score = np.round(score, 1)
    weights = np.round(draw.random(60) * 2 + 0.1, 2) if weighted else None
    fpr, tpr, thresholds = m.roc_curve(truth, score, sample_weight=weights)
    all_fpr, all_tpr, _ = m.roc_curve(truth, score, sample_weight=weights, drop_intermediate=False)
    precision, recall, cuts = m.precision_recall_curve(truth, score, sample_weight=weights)
    few_precision, few_recall, _ = m.precision_recall_curve(truth, score, sample_weight=weights, drop_intermediate=True)
    curves.append({
        "name": name, "truth": truth.tolist(), "scores": score.tolist(), "weights": None if weights is None else weights.tolist(),
        "roc": {"falsePositiveRate": fpr.tolist(), "truePositiveRate": tpr.tolist(), "thresholds": thresholds[1:].tolist()},
        "rocAll": {"falsePositiveRate": all_fpr.tolist(), "truePositiveRate": all_tpr.tolist()},
        "pr": {"precision": precision.tolist(), "recall": recall.tolist(), "thresholds": cuts.tolist()},
        "prFew": {"precision": few_precision.tolist(), "recall": few_recall.tolist()},
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



def quantities(truth, predicted, weights):
    w = {} if weights is None else {"sample_weight": weights}
    out = {
        "mae": m.mean_absolute_error(truth, predicted, **w), "mse": m.mean_squared_error(truth, predicted, **w),
        "rmse": m.root_mean_squared_error(truth, predicted, **w), "medianAe": m.median_absolute_error(truth, predicted, **w),
        "mape": m.mean_absolute_percentage_error(truth, predicted, **w), "explainedVariance": m.explained_variance_score(truth, predicted, **w),
        "pinball": m.mean_pinball_loss(truth, predicted, **w), "pinball alpha=0.9": m.mean_pinball_loss(truth, predicted, alpha=0.9, **w),
        "meanTweedieDeviance power=0": m.mean_tweedie_deviance(truth, predicted, power=0, **w),
    }
    if len(truth) > 1:
        out["r2"] = m.r2_score(truth, predicted, **w)
    if weights is None:
        out["maxError"] = m.max_error(truth, predicted)
    if (truth > -1).all() and (predicted > -1).all():
        out["rmsle"] = m.root_mean_squared_log_error(truth, predicted, **w)
    if (truth != 0).all():
        out["rmspe"] = np.sqrt(np.average(((truth - predicted) / truth) ** 2, weights=weights))
    if (truth > 0).all() and (predicted > 0).all():
        out["meanPoissonDeviance"] = m.mean_poisson_deviance(truth, predicted, **w)
        out["meanGammaDeviance"] = m.mean_gamma_deviance(truth, predicted, **w)
        for power in [1, 1.5, 2, 3, -1]:
            out[f"meanTweedieDeviance power={power}"] = m.mean_tweedie_deviance(truth, predicted, power=power, **w)
    return {key: float(value) for key, value in out.items()}


amounts = []
for name, truth, predicted in [
    ("amounts", draw.gamma(2, 50, 201), None),
    ("amounts, even number", draw.gamma(2, 50, 200), None),
    ("both signs", draw.normal(0, 30, 97), None),
    ("one row", np.array([4.0]), np.array([5.5])),
    ("ties", np.round(draw.random(80) * 4) + 1, np.round(draw.random(80) * 4) + 1),
]:
    if predicted is None:
        predicted = truth * np.exp(draw.normal(0, 0.2, len(truth)))
    weights = np.round(draw.random(len(truth)) * 3, 1) + (1 if len(truth) == 1 else 0)
    amounts.append({"name": name, "truth": truth.tolist(), "predicted": predicted.tolist(), "weights": weights.tolist(),
                    "plain": quantities(truth, predicted, None), "weighted": quantities(truth, predicted, weights)})

rankings = []
for name, queries, size, rounded in [("one query", 1, 30, False), ("queries with ties", 12, 9, True)]:
    truth = draw.integers(0, 4, (queries, size)).astype(float)
    score = draw.random((queries, size)) + 0.2 * truth
    if rounded:
        score = np.round(score, 1)
        truth[3] = 0
    weights = np.round(draw.random(queries) + 0.5, 2)
    rankings.append({"name": name, "truth": truth.tolist(), "scores": score.tolist(), "weights": weights.tolist(), "expected": {
        "all": float(m.ndcg_score(truth, score)), "k 3": float(m.ndcg_score(truth, score, k=3)),
        "weighted": float(m.ndcg_score(truth, score, sample_weight=weights)),
        "exponential": float(m.ndcg_score(2 ** truth - 1, score)),
    }})

clusters = []
for name, points, labels in [
    ("three blobs", draw.normal(0, 1, (120, 3)) + np.repeat([[0, 0, 0], [3, 1, 0], [0, 4, 2]], 40, axis=0), np.repeat([0, 1, 2], 40)),
    ("a group of one, equal points", np.array([[0.0, 0], [0, 0], [1, 1], [1, 1], [5, 5]]), np.array([0, 0, 1, 1, 2])),
    ("one column, sixteen groups", draw.normal(0, 1, (203, 1)), draw.integers(0, 16, 203)),
    ("middles that are the same", np.array([[-1.0], [1], [-2], [2]]), np.array([0, 0, 1, 1])),
]:
    points = np.round(points, 3)
    other = draw.permutation(labels)
    some = np.where(draw.random(len(labels)) < 0.3, other, labels)
    clusters.append({"name": name, "points": points.tolist(), "labels": labels.tolist(), "other": some.tolist(), "expected": {
        "silhouette": float(m.silhouette_score(points, labels)), "daviesBouldin": float(m.davies_bouldin_score(points, labels)),
        "calinskiHarabasz": float(m.calinski_harabasz_score(points, labels)), "samples": m.silhouette_samples(points, labels).tolist(),
        "adjustedRand": float(m.adjusted_rand_score(labels, some)),
        **{f"normalizedMutualInformation average={a}": float(m.normalized_mutual_info_score(labels, some, average_method=a)) for a in ["arithmetic", "geometric", "min", "max"]},
    }})

(here / "metrics.json").write_text(json.dumps({"scikit-learn": sklearn.__version__, "classification": cases, "ties": ties, "sure": sure, "regression": regression, "detailed": detailed, "curves": curves, "amounts": amounts, "rankings": rankings, "clusters": clusters}) + "\n")
