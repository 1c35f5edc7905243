/** Values of the user's that throw when they are looked at: the run ends all the same. */
import { expect, test } from "vitest";
import { run, runError } from "runlab/runs";
import { currentSeed } from "../../src/random/index.js";
import { lab } from "./lab.js";

const bomb = (): object => ({ get loss(): number { throw new TypeError("no loss yet"); } });
const proxy = (): object => new Proxy({}, { getPrototypeOf: () => { throw new TypeError("no loss yet"); } });

test.each([["a getter", bomb], ["a proxy", proxy]])("a last expression with %s that throws is a note, and the next run is nobody's child", async (_, value) => {
  const { start } = lab();
  const before = [Math.random, currentSeed()];
  const capture = await start();
  capture.result(value());
  const meta = await capture.finish({ status: "finished" });
  expect(meta).toMatchObject({ status: "finished", notes: ["the cell's last expression could not be read: no loss yet"] });
  expect([Math.random, currentSeed()]).toEqual(before);
  const next = await start();
  expect((await next.finish({ status: "finished" })).parent).toBeNull();
});

test("a script's result that throws is still the script's result", async () => {
  const { root } = lab();
  process.env.RUNLAB_STORE = root;
  try {
    const before = Math.random;
    const result = await run("bomb", { seed: 1 }, bomb);
    expect(Object.keys(result)).toEqual(["loss"]);
    expect(Math.random).toBe(before);
  } finally {
    delete process.env.RUNLAB_STORE;
  }
});

test("what is thrown may be anything", () => {
  expect(runError(Object.create(null))).toEqual({ name: "Error", message: "what was thrown cannot be read", traceback: [] });
  expect(runError(Object.defineProperty(new Error("x"), "message", { get: () => { throw new Error("y"); } })).name).toBe("Error");
  expect(runError("plain")).toEqual({ name: "Error", message: "plain", traceback: [] });
});

test("a run without a name has the notebook's, or is called run", async () => {
  const { start } = lab();
  const named = await start({ name: undefined, notebook: { path: "week/penguins.v2.ipynb", cell_id: null, execution_count: 1 } });
  expect(named.card().name).toBe("penguins.v2");
  expect((await named.finish({ status: "finished" })).name).toBe("penguins.v2");
  const plain = await start({ name: undefined });
  expect((await plain.finish({ status: "finished" })).name).toBe("run");
});
