"""Models of LightGBM and XGBoost and what they predict. Run from the root: .cache/bench-venv/bin/python test/reference/foreign.py

Models go to data/foreign/, and foreign.json says what each predicts: not the numbers, which would be megabytes, but the
two lowest bits of each and the SHA-256 of all. A reader that is right to one unit in the last place can be set right by
those bits, and only then gives that SHA-256.

data/adult.parquet is the first 10,000 training rows that bench/data.py makes of "Adult" (B. Becker and R. Kohavi, UCI, CC BY
4.0; categories as codes), data/digits.parquet all rows of scikit-learn's digits (E. Alpaydin and C. Kaynak, UCI, CC BY 4.0).

An older XGBoost writes other files: `python test/reference/foreign.py xgboost` under that version (1.7.6 and 2.1.4 were
used, each in an environment of its own) adds its models to the same folder, under names that end in the version.
"""
import base64
import gzip
import hashlib
import json
import pathlib
import sys

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

here = pathlib.Path(__file__).parent
out = here / "data" / "foreign"
ROWS = 10_000


def flights():
    frame = pq.read_table(here.parent.parent / "notebooks/data/flights_weather.parquet").to_pandas().iloc[::33].iloc[:ROWS].reset_index(drop=True)
    late = frame.pop("late").to_numpy(bool)
    return frame.drop(columns="time_hour"), late


def awkward():
    """Numbers that readers get wrong: missing, zero, nearly zero, on the threshold, codes that are none. xorshift32 makes them."""
    state = 2463534242
    def draw():
        nonlocal state
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        return state
    columns = {"a": [], "b": [], "c": [], "code": []}
    for _ in range(ROWS):
        columns["a"].append((draw() % 2000) / 1000 - 1)
        columns["b"].append([0.0, 1e-36, -1e-36, 1e-34, float("nan"), (draw() % 100) / 7, -1.5][draw() % 7])
        columns["c"].append(float("nan") if draw() % 4 == 0 else (draw() % 64) / 8)
        columns["code"].append([float("nan"), -1.0, -0.5, 3.75, 1e12, float(draw() % 80)][max(0, draw() % 12 - 6)] if draw() % 3 == 0 else float(draw() % 80))
    return pd.DataFrame(columns)


def packed(values):
    """The two lowest bits of every number, four to a byte, and the hash of all bytes."""
    values = np.ascontiguousarray(values)
    low = (values.view(np.uint32 if values.dtype == np.float32 else np.uint64).ravel() & 3).astype(np.uint8)
    low = np.pad(low, (0, -len(low) % 4)).reshape(-1, 4)
    two = low[:, 0] | low[:, 1] << 2 | low[:, 2] << 4 | low[:, 3] << 6
    return {
        "type": str(values.dtype), "length": int(values.size), "low": base64.b64encode(two.tobytes()).decode(),
        "sha256": hashlib.sha256(values.tobytes()).hexdigest(), "first": values.ravel()[:6].astype(float).tolist(),
    }


cases = []


def keep(name, data, suffix, content, raw, predicted, **more):
    (out / f"{name}.{suffix}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    cases.append({"name": name, "file": f"{name}.{suffix}.gz", "data": data, **more, "raw": packed(raw), "predicted": None if predicted is None else packed(predicted)})


def lightgbm_models():
    import lightgbm as lgb

    frame, late = flights()
    adult = pq.read_table(here / "data/adult.parquet").to_pandas()
    rich = adult.pop("y").to_numpy()
    digits = pq.read_table(here / "data/digits.parquet").to_pandas()
    digit = digits.pop("y").to_numpy()
    penguins = pq.read_table(here.parent.parent / "notebooks/data/penguins.parquet").to_pandas()
    species = penguins.pop("species").cat.codes.to_numpy()
    odd = awkward()
    # Codes that are none belong to predicting: in training they are missing.
    clean = odd.assign(code=odd.code.where((odd.code >= 0) & (odd.code < 80)).round())
    quantity = np.abs(odd.a * 3 + odd.b.fillna(2) + odd.code.clip(0, 9).fillna(3)).to_numpy() + 0.1
    share = 1 / (1 + np.exp(-quantity / 3))

    def model(name, data, x, y, rounds, predict_on=None, categorical="auto", group=None, **params):
        table = lgb.Dataset(x, y, categorical_feature=categorical, group=group)
        booster = lgb.train({"verbose": -1, "num_threads": 1, "seed": 7, "deterministic": True, **params}, table, rounds)
        x = x if predict_on is None else predict_on
        text = booster.model_to_string()
        keep(f"lgb-{name}", data, "txt", text.encode(), booster.predict(x, raw_score=True), booster.predict(x))

    model("flights", "flights", frame, late, 30, objective="binary", num_leaves=31, min_data_per_group=20)
    model("adult-dart", "adult", adult, rich, 25, objective="binary", boosting="dart", drop_rate=0.3, num_leaves=15)
    model("adult-forest", "adult", adult, rich, 15, objective="binary", boosting="rf", bagging_freq=1, bagging_fraction=0.6, feature_fraction=0.7, num_leaves=31, categorical=[1, 3, 5, 6, 7, 13])
    model("digits", "digits", digits, digit, 8, objective="multiclass", num_class=10, num_leaves=8)
    model("penguins", "penguins", penguins, species, 10, objective="multiclassova", num_class=3, num_leaves=5, min_data_in_leaf=5, sigmoid=1.5)
    model("zero-missing", "awkward", clean, quantity, 20, predict_on=odd, objective="regression", zero_as_missing=True, num_leaves=20, min_data_in_leaf=10)
    model("no-missing", "awkward", clean, quantity, 15, predict_on=odd, objective="regression", use_missing=False, num_leaves=20)
    model("codes", "awkward", clean, quantity, 15, predict_on=odd, objective="regression", categorical=[3], num_leaves=20, min_data_per_group=5, max_cat_to_onehot=4, cat_smooth=1)
    model("constant", "awkward", clean, np.ones(ROWS), 3, predict_on=odd, objective="regression")
    model("forest", "awkward", clean, quantity, 7, predict_on=odd, objective="regression", boosting="rf", bagging_freq=1, bagging_fraction=0.5)
    few = {"num_leaves": 6, "predict_on": odd}
    for objective in ["regression_l1", "huber", "fair", "quantile", "mape", "poisson", "gamma", "tweedie"]:
        model(objective.replace("_", "-"), "awkward", clean, quantity, 4, objective=objective, **few)
    model("sqrt", "awkward", clean, quantity, 4, objective="regression", reg_sqrt=True, **few)
    model("slope", "awkward", clean, quantity > 4, 4, objective="binary", sigmoid=2.5, **few)
    for objective in ["cross_entropy", "cross_entropy_lambda"]:
        model(objective.replace("_", "-"), "awkward", clean, share, 4, objective=objective, **few)
    for objective in ["lambdarank", "rank_xendcg"]:
        model(objective.replace("_", "-"), "awkward", clean, (quantity > 4).astype(int), 4, objective=objective, group=[10] * (ROWS // 10), **few)
    model("custom", "awkward", clean, quantity, 4, objective=lambda p, d: (p - d.get_label(), np.ones(len(p))), **few)
    linear = lgb.train({"verbose": -1, "linear_tree": True, "num_leaves": 3}, lgb.Dataset(clean[["a", "c"]].fillna(0), quantity), 1)
    (out / "lgb-linear.txt.gz").write_bytes(gzip.compress(linear.model_to_string().encode(), 9, mtime=0))


def xgboost_models(only_few):
    import xgboost as xgb

    frame, late = flights()
    adult = pq.read_table(here / "data/adult.parquet").to_pandas()
    rich = adult.pop("y").to_numpy()
    digits = pq.read_table(here / "data/digits.parquet").to_pandas()
    digit = digits.pop("y").to_numpy()
    odd = awkward().drop(columns="code")
    quantity = np.abs(odd.a * 3 + odd.b.fillna(2)).to_numpy() + 0.1
    version = "" if not only_few else "-" + ".".join(xgb.__version__.split(".")[:2])

    def model(name, data, x, y, rounds, suffix="json", group=None, categorical=False, raw_only=False, bounds=None, **params):
        table = xgb.DMatrix(x, y, enable_categorical=categorical)
        if group is not None:
            table.set_group(group)
        if bounds is not None:
            table.set_float_info("label_lower_bound", bounds)
            table.set_float_info("label_upper_bound", bounds)
        booster = xgb.train({"nthread": 1, "seed": 7, "tree_method": "hist", "max_depth": 3, **params}, table, rounds)
        content = bytes(booster.save_raw(suffix))
        # Older versions keep no names of categories.
        names = {"categories": {column: list(x[column].cat.categories) for column in x if x[column].dtype == "category"}} if categorical and only_few else {}
        keep(f"xgb-{name}{version}", data, suffix, content, booster.predict(table, output_margin=True), None if raw_only else booster.predict(table), **names)

    linear = {"tree_method": "auto", "booster": "gblinear", "updater": "coord_descent"}
    model("flights", "flights", frame, late, 30, objective="binary:logistic", max_depth=6, max_cat_to_onehot=4, categorical=True, **({"suffix": "ubj"} if only_few else {}))
    model("adult-dart", "adult", adult, rich, 20, objective="binary:logistic", booster="dart", rate_drop=0.3, max_depth=4)
    model("digits", "digits", digits, digit, 6, objective="multi:softprob", num_class=10, suffix="ubj")
    model("poisson", "awkward", odd, quantity, 4, objective="count:poisson")
    model("logistic", "awkward", odd, quantity / (1 + quantity), 4, objective="reg:logistic", base_score=0.3)
    model("linear", "awkward", odd.fillna(0), quantity, 5, raw_only=True, objective="reg:squarederror", **linear)
    if only_few:
        return
    model("forest", "adult", adult, rich, 3, objective="binary:logistic", num_parallel_tree=5, subsample=0.6, colsample_bynode=0.5, learning_rate=0.7, max_depth=5)
    model("squared", "awkward", odd, quantity, 20, objective="reg:squarederror", max_depth=6)
    model("exact", "awkward", odd, quantity, 8, objective="reg:squarederror", tree_method="exact")
    model("lossguide", "awkward", odd, quantity, 8, objective="reg:squarederror", grow_policy="lossguide", max_leaves=20, max_depth=0, gamma=0.5)
    model("softmax", "digits", digits, digit, 3, raw_only=True, objective="multi:softmax", num_class=10)
    model("linear-classes", "digits", digits, digit, 3, objective="multi:softprob", num_class=10, **linear)
    model("dart-classes", "digits", digits, digit, 5, objective="multi:softprob", num_class=10, booster="dart", rate_drop=0.5, max_depth=2)
    for objective in ["reg:gamma", "reg:tweedie", "reg:pseudohubererror", "reg:absoluteerror", "reg:squaredlogerror", "survival:cox"]:
        model(objective.split(":")[1], "awkward", odd, quantity, 4, objective=objective)
    model("quantile", "awkward", odd, quantity, 4, objective="reg:quantileerror", quantile_alpha=0.3)
    model("aft", "awkward", odd, quantity, 4, objective="survival:aft", bounds=quantity)
    model("hinge", "awkward", odd, quantity > 3, 4, objective="binary:hinge")
    model("logitraw", "awkward", odd, quantity > 3, 4, raw_only=True, objective="binary:logitraw")
    for objective in ["rank:pairwise", "rank:ndcg", "rank:map"]:
        model(objective.replace(":", "-"), "awkward", odd, (quantity > 3).astype(int), 4, objective=objective, group=[10] * (ROWS // 10))


index = here / "foreign.json"
versions = {}
if sys.argv[1:] == ["xgboost"]:
    xgboost_models(only_few=True)
    import xgboost
    old = json.loads(index.read_text())
    names = {case["name"] for case in cases}
    cases = [case for case in old["cases"] if case["name"] not in names] + cases
    versions = {**old["versions"], f"xgboost {'.'.join(xgboost.__version__.split('.')[:2])}": xgboost.__version__}
else:
    lightgbm_models()
    xgboost_models(only_few=False)
    import lightgbm
    import xgboost
    versions = {"lightgbm": lightgbm.__version__, "xgboost": xgboost.__version__}
index.write_text(json.dumps({"versions": versions, "cases": cases}) + "\n")
