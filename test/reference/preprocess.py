"""Reference values of every transformer, from scikit-learn. Run from the root: .venv/bin/python test/reference/preprocess.py"""
import json
import pathlib

import numpy as np
import pandas as pd
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, StandardScaler

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
]:
    fitted = OneHotEncoder(sparse_output=False, **options).fit(ctrain)
    names = [name.replace("infrequent_sklearn", "infrequent") for name in fitted.get_feature_names_out()]
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one_hot.append({"options": ours, "expected": plain(pd.DataFrame(fitted.transform(ctest), columns=names))})

(here / "preprocess.json").write_text(json.dumps({
    "scikit-learn": sklearn.__version__, "train": plain(train), "test": plain(test), "categoryTrain": plain(ctrain), "categoryTest": plain(ctest),
    "impute": impute, "scale": scale, "oneHot": one_hot,
}) + "\n")
