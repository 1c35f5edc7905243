"""Reference values of every transformer, from scikit-learn. Run from the root: .venv/bin/python test/reference/preprocess.py"""
import json
import pathlib
import warnings

import numpy as np
import pandas as pd
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import (KBinsDiscretizer, MaxAbsScaler, MinMaxScaler, OneHotEncoder, OrdinalEncoder, PolynomialFeatures,
                                   PowerTransformer, QuantileTransformer, RobustScaler, StandardScaler, TargetEncoder)

here = pathlib.Path(__file__).parent
draw = np.random.default_rng(20261122)


def numbers(n):
    frame = pd.DataFrame({
        "plain": draw.normal(3700, 800, n).round(1),
        "far": 1e6 + draw.normal(0, 1e-2, n),
        "whole": draw.integers(0, 6, n).astype(float),
        "even": draw.integers(0, 2, n).astype(float),
        "constant": np.full(n, 0.1),
    })
    for name in ["plain", "whole"]:
        frame.loc[draw.random(n) < 0.15, name] = np.nan
    return frame


def categories(n):
    frame = pd.DataFrame({
        "island": draw.choice(["Biscoe", "Dream", "Torgersen"], n, p=[0.5, 0.45, 0.05]),
        "sex": draw.choice(["male", "female"], n),
        "place": draw.choice([f"p{i}" for i in range(12)], n),
    }).astype(object)
    return frame


def plain(frame):
    return {name: [None if pd.isna(v) else v for v in frame[name].tolist()] for name in frame}


train, test = numbers(83), numbers(20)
ctrain, ctest = categories(90), categories(15)
ctest.loc[3, "island"] = "Elsewhere"

impute = []
for sk, ours in [("median", "median"), ("mean", "mean"), ("most_frequent", "mostFrequent"), ("constant", "constant")]:
    options = {"strategy": sk} if sk != "constant" else {"strategy": sk, "fill_value": -1.0}
    fitted = SimpleImputer(add_indicator=True, **options).fit(train)
    out = pd.DataFrame(fitted.transform(test), columns=fitted.get_feature_names_out())
    impute.append({"options": {"strategy": ours, "addIndicator": True, **({"fillValue": -1} if sk == "constant" else {})}, "expected": plain(out)})

scale = []
for mean, std in [(True, True), (True, False), (False, True)]:
    fitted = StandardScaler(with_mean=mean, with_std=std).fit(train)
    scale.append({"options": {"withMean": mean, "withStd": std}, "mean": fitted.mean_.tolist(), "scale": (fitted.scale_.tolist() if std else None),
                  "expected": plain(pd.DataFrame(fitted.transform(test), columns=test.columns))})

one_hot = []
for options, ours in [
    ({"handle_unknown": "ignore"}, {}),
    ({"handle_unknown": "ignore", "drop": "first"}, {"drop": "first"}),
    ({"handle_unknown": "ignore", "drop": "if_binary"}, {"drop": "ifBinary"}),
    ({"handle_unknown": "infrequent_if_exist", "min_frequency": 8}, {"unknown": "infrequent", "minFrequency": 8}),
    ({"handle_unknown": "ignore", "min_frequency": 0.1}, {"minFrequency": 0.1}),
    ({"handle_unknown": "infrequent_if_exist", "max_categories": 5, "min_frequency": 2}, {"unknown": "infrequent", "maxCategories": 5, "minFrequency": 2}),
]:
    if "max_categories" in options:
        # Where all categories fit, scikit-learn makes one rare all the same: only the column of many is compared.
        columns = ["place"]
        ours = {**ours, "columns": columns}
    else:
        columns = list(ctrain.columns)
    fitted = OneHotEncoder(sparse_output=False, feature_name_combiner=lambda name, level: f"{name}={level}", **options).fit(ctrain[columns])
    names = [name.replace("infrequent_sklearn", "infrequent") for name in fitted.get_feature_names_out()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one_hot.append({"options": ours, "expected": plain(pd.DataFrame(fitted.transform(ctest[columns]), columns=names))})


def scaled(make, train=train, test=test):
    fitted = make.fit(train)
    return plain(pd.DataFrame(fitted.transform(test), columns=test.columns))


robust = [{"options": ours, "expected": scaled(RobustScaler(**options))} for options, ours in [
    ({}, {}),
    ({"quantile_range": (10.0, 80.0), "unit_variance": True}, {"quantileRange": [10, 80], "unitVariance": True}),
    ({"with_centering": False}, {"withCentering": False}),
    ({"with_scaling": False}, {"withScaling": False}),
]]
min_max = [{"options": ours, "expected": scaled(MinMaxScaler(**options))} for options, ours in [
    ({}, {}), ({"feature_range": (-3, 2), "clip": True}, {"featureRange": [-3, 2], "clip": True}),
]]
max_abs = [{"options": {}, "expected": scaled(MaxAbsScaler())}]
quantile = [{"options": ours, "expected": scaled(QuantileTransformer(subsample=None, **options))} for options, ours in [
    ({"n_quantiles": 83}, {"nQuantiles": 83}),
    ({"n_quantiles": 11}, {"nQuantiles": 11}),
    ({"n_quantiles": 30, "output_distribution": "normal"}, {"nQuantiles": 30, "outputDistribution": "normal"}),
]]

# Skewed columns, one of them with values below 0, one that does not vary.
def skewed(n):
    frame = pd.DataFrame({
        "price": np.exp(draw.normal(3, 1, n)), "count": draw.poisson(3, n) + 1.0, "power": draw.weibull(0.7, n) * 50 + 0.1, "constant": np.full(n, 2.5),
    })
    frame.loc[draw.random(n) < 0.1, "price"] = np.nan
    return frame


strain, stest = skewed(120), skewed(20)
bothtrain, bothtest = [each.assign(shifted=each["power"] - 30, left=-each["price"]) for each in (strain, stest)]
power = []
for options, ours, parts in [
    ({}, {}, (bothtrain, bothtest)),
    ({"standardize": False}, {"standardize": False}, (bothtrain, bothtest)),
    ({"method": "box-cox"}, {"method": "box-cox", "columns": ["price", "count", "power"]}, (strain.drop(columns="constant"), stest.drop(columns="constant"))),
]:
    fitted = PowerTransformer(**options).fit(parts[0])
    power.append({"options": {"columns": list(parts[0].columns), **ours}, "lambdas": fitted.lambdas_.tolist(), "expected": plain(pd.DataFrame(fitted.transform(parts[1]), columns=parts[1].columns))})

ordinal = []
for options, ours in [
    ({"handle_unknown": "use_encoded_value", "unknown_value": -1}, {"unknown": -1}),
    ({"handle_unknown": "use_encoded_value", "unknown_value": np.nan, "min_frequency": 8}, {"unknown": "missing", "minFrequency": 8}),
    ({"handle_unknown": "use_encoded_value", "unknown_value": 99, "categories": [["Torgersen", "Dream", "Biscoe"], ["male", "female"], [f"p{i}" for i in range(12)]]},
     {"unknown": 99, "categories": {"island": ["Torgersen", "Dream", "Biscoe"], "sex": ["male", "female"], "place": [f"p{i}" for i in range(12)]}}),
]:
    fitted = OrdinalEncoder(**options).fit(ctrain)
    ordinal.append({"options": ours, "expected": plain(pd.DataFrame(fitted.transform(ctest), columns=ctest.columns))})

effect = ctrain["place"].map(lambda place: int(place[1:]) / 4)
targets = {
    "quantity": (effect + draw.normal(0, 1, len(ctrain))).tolist(),
    "two": np.where(effect + draw.normal(0, 1, len(ctrain)) > 1.5, "yes", "no").tolist(),
    "three": draw.choice(["ash", "beech", "cedar"], len(ctrain), p=[0.5, 0.3, 0.2]).tolist(),
}
target_encode = []
for name, values in targets.items():
    for smooth in ["auto", 3.5]:
        folds = KFold(5) if name == "quantity" else StratifiedKFold(5)
        made = TargetEncoder(smooth=smooth, cv=folds)
        crossed = made.fit_transform(ctrain, values)
        names = [out.replace("_", "~") for out in made.get_feature_names_out()]
        target_encode.append({"target": name, "options": {"smooth": smooth, "shuffle": False},
                              "crossFitted": plain(pd.DataFrame(crossed, columns=names)), "expected": plain(pd.DataFrame(made.transform(ctest), columns=names))})

whole = train[["far", "even", "constant"]].assign(plain=train["plain"].fillna(1.0), whole=train["whole"].fillna(0.0))
wholetest = test[["far", "even", "constant"]].assign(plain=test["plain"].fillna(1.0), whole=test["whole"].fillna(0.0))
polynomial = []
for options, ours in [({}, {}), ({"degree": 3}, {"degree": 3}), ({"degree": 3, "interaction_only": True}, {"degree": 3, "interactionOnly": True})]:
    fitted = PolynomialFeatures(include_bias=False, **options).fit(whole)
    names = [name.replace(" ", "*") for name in fitted.get_feature_names_out()]
    polynomial.append({"options": ours, "expected": plain(pd.DataFrame(fitted.transform(wholetest), columns=names))})

discretise = []
for options, ours in [({"n_bins": 4, "strategy": "quantile"}, {"nBins": 4}), ({"n_bins": 7, "strategy": "uniform"}, {"nBins": 7, "strategy": "uniform"}), ({"n_bins": 5, "strategy": "quantile"}, {})]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = KBinsDiscretizer(encode="ordinal", **options).fit(whole)
        discretise.append({"options": ours, "expected": plain(pd.DataFrame(fitted.transform(wholetest), columns=whole.columns))})

times = pd.Series(pd.to_datetime(draw.integers(-4_000_000_000, 7_000_000_000, 60), unit="s"))
times[0] = pd.Timestamp("2000-02-29T23:59:59")
times[1] = pd.Timestamp("1900-03-01")
times[2] = pd.Timestamp("1969-12-31T23:59:59")
times[3] = pd.Timestamp("2024-12-31")
parts = {part: [int(v) for v in getattr(times.dt, part)] for part in ["year", "quarter", "month", "day", "day_of_year", "day_of_week", "hour", "minute", "second"]}
datetime_parts = {"milliseconds": [int(t.timestamp() * 1000) for t in times], "parts": {{"day_of_year": "dayOfYear", "day_of_week": "weekday"}.get(name, name): values for name, values in parts.items()},
                  "month_sin": np.sin(2 * np.pi * (np.array(parts["month"]) - 1) / 12).tolist(), "hour_cos": np.cos(2 * np.pi * np.array(parts["hour"]) / 24).tolist()}

(here / "preprocess.json").write_text(json.dumps({
    "scikit-learn": sklearn.__version__, "train": plain(train), "test": plain(test), "categoryTrain": plain(ctrain), "categoryTest": plain(ctest),
    "skewedTrain": plain(bothtrain), "skewedTest": plain(bothtest), "wholeTrain": plain(whole), "wholeTest": plain(wholetest), "targets": targets,
    "impute": impute, "scale": scale, "oneHot": one_hot, "robustScale": robust, "minMaxScale": min_max, "maxAbsScale": max_abs, "quantileTransform": quantile,
    "powerTransform": power, "ordinal": ordinal, "targetEncode": target_encode, "polynomial": polynomial, "discretise": discretise, "datetimeParts": datetime_parts,
}) + "\n")
