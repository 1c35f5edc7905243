"""Every weekly lab, run from top to bottom by the real kernel on a copy of the notebooks' folder.

A run with a seed gives the same metrics on every machine: `expected-metrics.json` holds them, to the last bit.
After a change that is meant to move a number: RUNLAB_UPDATE_EXPECTED=1 pytest test/labs
"""
import json
import os
import pathlib
import shutil

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPECTED = pathlib.Path(__file__).with_name("expected-metrics.json")
LABS = sorted((ROOT / "notebooks").glob("week-*.ipynb"))


@pytest.fixture(scope="module", params=LABS, ids=lambda path: path.stem)
def lab(request, tmp_path_factory):
    """The executed notebook and its folder."""
    folder = tmp_path_factory.mktemp("labs") / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder, ignore=shutil.ignore_patterns("models", ".ipynb_checkpoints"))
    notebook = nbformat.read(folder / request.param.name, as_version=4)
    os.environ["JPY_SESSION_NAME"] = str(folder / request.param.name)
    client = NotebookClient(notebook, timeout=300, kernel_name="runlab", resources={"metadata": {"path": str(folder)}})
    client.execute()
    return request.param.stem, notebook, folder


def runs_of(folder):
    metas = [json.loads((path / "run_meta.json").read_text()) for path in (folder / "models" / "runs").iterdir() if (path / "run_meta.json").exists()]
    return sorted(metas, key=lambda meta: meta["id"])


def test_no_cell_fails(lab):
    _, notebook, _ = lab
    errors = [output for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == "error"]
    warnings = [output.text for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == "stream" and output.name == "stderr"]
    assert errors == []
    assert warnings == []


def test_every_run_cell_leaves_a_finished_run(lab):
    _, notebook, folder = lab
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.startswith("%%run")]
    metas = runs_of(folder)
    assert len(metas) == len(cells) > 0
    for cell, meta in zip(cells, metas):
        assert meta["status"] == "finished"
        assert (folder / "models" / "runs" / meta["id"] / "code" / "cell.ts").read_text().strip() == cell.source.strip()
        assert all(meta["inputs"].values()), meta["inputs"]
        assert meta["models"] and meta["metrics"]
        inputs = json.loads((folder / "models" / "runs" / meta["id"] / "data" / "inputs.json").read_text())
        assert any(record["rows"] for record in inputs)


def test_each_run_shows_a_card(lab):
    _, notebook, _ = lab
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.startswith("%%run"):
            cards = [output for output in cell.outputs if "application/vnd.runlab.run.v1+json" in output.get("data", {})]
            assert len(cards) == 1
            card = cards[0]["data"]
            assert card["application/vnd.runlab.run.v1+json"]["status"] == "finished"
            assert "text/html" in card and "text/plain" in card


def test_the_metrics_are_the_same_everywhere(lab):
    name, _, folder = lab
    found = [{"command": meta["command"], "metrics": meta["metrics"]} for meta in runs_of(folder)]
    expected = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}
    if os.environ.get("RUNLAB_UPDATE_EXPECTED"):
        EXPECTED.write_text(json.dumps({**expected, name: found}, indent=2) + "\n")
    assert found == json.loads(EXPECTED.read_text())[name]
