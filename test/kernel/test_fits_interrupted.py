"""The stop button while a model is fitted on several threads: quick, nothing lost, and the next fit as if nothing was."""

import pytest

SETUP = """
import { GradientBoostingRegressor, RandomForestClassifier, crossValidate, tableFromColumns } from "runlab"
let kept = 7
const table = (rows) => tableFromColumns({
  a: Float64Array.from({ length: rows }, (_, i) => (i * 7919) % 1009),
  b: Float64Array.from({ length: rows }, (_, i) => (i * 104729) % 2003),
  y: Float64Array.from({ length: rows }, (_, i) => (((i * 7919) % 1009) * ((i * 104729) % 2003)) % 5),
})
const many = table(200000), few = table(3000)
const small = {
  boosting: () => JSON.stringify(new GradientBoostingRegressor({ nEstimators: 5, nJobs: 2, seed: 1 }).fit(few, { target: "y" }).predict(few)),
  forest: () => JSON.stringify(new RandomForestClassifier({ nEstimators: 5, nJobs: 2, seed: 1 }).fit(few, { target: "y" }).predict(few)),
  folds: async () => JSON.stringify((await crossValidate(new GradientBoostingRegressor({ nEstimators: 5, seed: 1 }), few, { target: "y", cv: 3, nJobs: 2, seed: 1 })).summary),
}
const before = { boosting: small.boosting(), forest: small.forest(), folds: await small.folds() }
"""

LONG = {
    "boosting": 'new GradientBoostingRegressor({ nEstimators: 100000, nJobs: 2, seed: 1 }).fit(many, { target: "y" })',
    "forest": 'new RandomForestClassifier({ nEstimators: 100000, nJobs: 2, seed: 1 }).fit(many, { target: "y" })',
    "folds": 'await crossValidate(new GradientBoostingRegressor({ nEstimators: 100000, seed: 1 }), many, { target: "y", cv: 4, nJobs: 2, seed: 1 })',
}


@pytest.fixture(scope="module")
def fitter(kernel):
    cell = kernel.run(SETUP, timeout=90)
    assert cell.status == "ok", cell.content
    return kernel


@pytest.mark.parametrize("kind", LONG)
def test_a_fit_is_interrupted_and_the_next_one_is_right(fitter, kind):
    cell, took = fitter.interrupt_after(LONG[kind], 1, timeout=30)
    assert cell.status == "error" and cell.content["ename"] == "KeyboardInterrupt", cell.content
    print(f"{kind}: stopped in {took * 1000:.0f} ms")
    # A kernel that had to be started again would have lost this.
    kept = fitter.run("kept")
    assert kept.text == "7", f"{cell.content['evalue']} {cell.stderr}; then {kept.content} {kept.stderr}"
    for again in LONG:
        assert fitter.run(f"(await small.{again}()) === before.{again}", timeout=60).text == "true", again
