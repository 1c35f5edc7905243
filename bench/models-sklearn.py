"""The scikit-learn side of bench/models.mjs: reads questions as lines of JSON, answers with seconds and scores."""
import json
import sys
import time
import warnings

import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

warnings.filterwarnings("ignore")


def table(path, target):
    frame = pd.read_parquet(path)
    y = frame.pop(target)
    for name in frame.select_dtypes("datetimetz"):
        frame[name] = frame[name].astype("int64").astype(float)
    return frame, y.to_numpy()


numbers = make_column_selector(dtype_include="number")
labels = make_column_selector(dtype_exclude="number")


def model(question):
    if question["job"] == "forest":
        codes = make_column_transformer((OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2), labels), remainder="passthrough")
        return make_pipeline(codes, RandomForestClassifier(question["trees"], random_state=question["seed"]))
    steps = make_column_transformer((make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers), (OneHotEncoder(handle_unknown="ignore"), labels))
    return make_pipeline(steps, LogisticRegression(max_iter=1000))


for line in sys.stdin:
    question = json.loads(line)
    if "load" in question:
        train, train_y = table(question["load"] + "/train.parquet", question["target"])
        test, test_y = table(question["load"] + "/test.parquet", question["target"])
        print("{}", flush=True)
        continue
    started = time.perf_counter()
    fitted = model(question).fit(train, train_y)
    middle = time.perf_counter()
    probabilities = fitted.predict_proba(test)
    ended = time.perf_counter()
    score = roc_auc_score(test_y, probabilities[:, 1]) if question["metric"] == "rocAuc" else accuracy_score(test_y, fitted.classes_[probabilities.argmax(axis=1)])
    print(json.dumps({"fit": middle - started, "predict": ended - middle, "score": score}), flush=True)
