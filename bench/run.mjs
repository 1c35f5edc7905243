// `npm run bench` compares with the peers; `npm run bench -- trees lab` only those named, `all` every one.
// Each bench is a file of this folder that exports `name`, `what` and `run({ print })`; rows that it returns go into its
// section of bench/RESULTS.md.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { everything } from "../setup/steps.mjs";
import { markdown } from "./compare.mjs";
import { peers } from "./peers.mjs";

const folder = path.dirname(fileURLToPath(import.meta.url));
const PARTS = ["run.mjs", "compare.mjs", "peers.mjs"];
const names = readdirSync(folder).filter((file) => file.endsWith(".mjs") && !PARTS.includes(file)).map((file) => file.slice(0, -4)).sort();
const asked = process.argv.slice(2).filter((name) => name !== "all");
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length) {
  console.error(`No bench is called ${unknown.join(", ")}; there are: ${names.join(", ")}, all.`);
  process.exit(2);
}
await everything();
await peers();
for (const name of asked.length ? asked : names) {
  const bench = await import(pathToFileURL(path.join(folder, `${name}.mjs`)).href);
  console.log(`\n== ${name}${bench.what ? `: ${bench.what}` : ""}`);
  const rows = await bench.run({ print: console.log });
  if (rows?.length) write(name, bench.what, rows);
}
process.exit(0);

/** Replaces the section of one bench in RESULTS.md, and leaves the others. */
function write(name, what, rows) {
  const file = path.join(folder, "RESULTS.md");
  const [head, ...sections] = (existsSync(file) ? readFileSync(file, "utf8") : "").split(/^(?=## )/m);
  const kept = sections.filter((section) => !section.startsWith(`## ${name}\n`));
  const { model } = os.cpus()[0];
  const machine = `${model.trim()}, ${os.availableParallelism()} threads, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`;
  const own = `## ${name}\n\n${what}. ${machine}.\n\n${markdown(rows)}\n`;
  const title = "# Side by side\n\nWritten by `npm run bench`: both sides in one run, in turn, on the same data, threads and settings. A ratio above 1 means that\nrunlab is faster; trust ratios, not seconds.\n\n";
  writeFileSync(file, `${head.startsWith("# ") ? head : title}${[...kept, own].sort().join("").trimEnd()}\n`);
}
