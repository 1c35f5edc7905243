"""Reference folds of every splitter, from scikit-learn. Run from the root: .venv/bin/python test/reference/splits.py"""
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold, TimeSeriesSplit

here = pathlib.Path(__file__).parent
draw = np.random.default_rng(20261122)
n = 97
labels = draw.choice(["setosa", "virginica", "aster"], n, p=[0.5, 0.38, 0.12])
# Sizes of groups all differ, so that no tie decides.
groups = draw.permutation(np.repeat([5, 3, 11, 7, 2, 8, 13, 0, 4, 6], [3, 19, 4, 16, 2, 6, 11, 13, 9, 14]))
warnings.simplefilter("ignore")

cases = []
for name, splitter, options in [
    ("KFold", KFold(5), {}),
    ("KFold", KFold(3), {"nSplits": 3}),
    ("StratifiedKFold", StratifiedKFold(5), {}),
    ("StratifiedKFold", StratifiedKFold(2), {"nSplits": 2}),
    ("GroupKFold", GroupKFold(5), {"group": "group"}),
    ("GroupKFold", GroupKFold(3), {"group": "group", "nSplits": 3}),
    ("StratifiedGroupKFold", StratifiedGroupKFold(4), {"group": "group", "nSplits": 4}),
    ("StratifiedGroupKFold", StratifiedGroupKFold(2), {"group": "group", "nSplits": 2}),
    ("TimeSeriesSplit", TimeSeriesSplit(), {}),
    ("TimeSeriesSplit", TimeSeriesSplit(4, gap=3), {"nSplits": 4, "gap": 3}),
    ("TimeSeriesSplit", TimeSeriesSplit(6, test_size=5, max_train_size=20, gap=2), {"nSplits": 6, "testSize": 5, "maxTrainSize": 20, "gap": 2}),
]:
    tests = [(train.tolist(), test.tolist()) for train, test in splitter.split(np.zeros(n), labels, groups)]
    cases.append({"name": name, "options": options, "folds": [{"train": [int(a[0]), int(a[-1]), len(a)], "test": b} for a, b in tests]})

(here / "splits.json").write_text(json.dumps({"scikit-learn": sklearn.__version__, "labels": labels.tolist(), "groups": groups.tolist(), "cases": cases}) + "\n")
