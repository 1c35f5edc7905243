"""The cell of the first lab as one would write it in Python: pandas, scikit-learn, LightGBM, MLflow."""
import hashlib
import os
import pathlib
import tempfile

from peer import Clock, serve

THREADS = int(os.environ["OMP_NUM_THREADS"])


def start(store):
    import logging

    import lightgbm, matplotlib, mlflow, pandas, sklearn.ensemble, sklearn.metrics, sklearn.model_selection  # noqa: E401, F401

    matplotlib.use("Agg")
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    mlflow.set_tracking_uri(f"sqlite:///{store}/mlflow.db")
    mlflow.set_experiment(experiment_id=mlflow.create_experiment("lab", artifact_location=f"file://{store}/artifacts"))
    return {}


def cell(data, target, model, trees, seed):
    import matplotlib.pyplot as plt
    import mlflow
    import pandas as pd
    from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score, f1_score, log_loss, roc_auc_score
    from sklearn.model_selection import train_test_split

    clock = Clock()
    with mlflow.start_run(run_name=model):
        mlflow.log_params({"data": data, "target": target, "model": model, "n_estimators": trees, "seed": seed, "test_size": 0.25})
        mlflow.log_param("data_sha256", hashlib.sha256(pathlib.Path(data).read_bytes()).hexdigest())
        frame = pd.read_parquet(data)
        features = frame.drop(columns=[target])
        labels = frame[target].astype(bool)
        features["time_hour"] = features["time_hour"].astype("int64")
        train, test, y_train, y_test = train_test_split(features, labels, test_size=0.25, stratify=labels, random_state=seed)
        if model == "boosting":
            import lightgbm

            fitted = lightgbm.LGBMClassifier(n_estimators=trees, n_jobs=THREADS, random_state=seed, verbose=-1).fit(train, y_train)
            held = test
        else:
            from sklearn.ensemble import RandomForestClassifier

            coded = {name: frame[name].cat.categories for name in frame.select_dtypes("category")}
            numbers = lambda part: part.assign(**{name: part[name].cat.codes for name in coded})
            held = numbers(test)
            fitted = RandomForestClassifier(n_estimators=trees, n_jobs=THREADS, random_state=seed).fit(numbers(train), y_train)
        share = fitted.predict_proba(held)[:, 1]
        predicted = share > 0.5
        metrics = {"accuracy": accuracy_score(y_test, predicted), "f1": f1_score(y_test, predicted), "rocAuc": roc_auc_score(y_test, share), "logLoss": log_loss(y_test, share)}
        mlflow.log_metrics(metrics)
        with tempfile.TemporaryDirectory() as folder:
            pd.DataFrame({"truth": y_test, "predicted": predicted, "probability": share}).to_parquet(f"{folder}/holdout_predictions.parquet")
            test.to_parquet(f"{folder}/holdout_input.parquet")
            mlflow.log_artifacts(folder)
        figure = ConfusionMatrixDisplay.from_predictions(y_test, predicted).figure_
        mlflow.log_figure(figure, "confusion_matrix.svg")
        plt.close(figure)
        # The requirements are given: to infer them MLflow would load the model in another process, for many seconds.
        if model == "boosting":
            mlflow.lightgbm.log_model(fitted, name="model", pip_requirements=["lightgbm"])
        else:
            mlflow.sklearn.log_model(fitted, name="model", pip_requirements=["scikit-learn"], serialization_format="cloudpickle")
    return {"cell": clock.lap(), "auc": float(metrics["rocAuc"])}


if __name__ == "__main__":
    serve(start=start, cell=cell)
