// `npm run bench` compares with the peers; `npm run bench -- kernel store` only those named.
// Each bench is a file of this folder that exports `name`, `what` and `run({ print })`.
import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { everything } from "../setup/steps.mjs";

const folder = path.dirname(fileURLToPath(import.meta.url));
const names = readdirSync(folder).filter((file) => file.endsWith(".mjs") && file !== "run.mjs").map((file) => file.slice(0, -4)).sort();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length) {
  console.error(`No bench is called ${unknown.join(", ")}; there are: ${names.join(", ")}.`);
  process.exit(2);
}
await everything();
for (const name of asked.length ? asked : names) {
  const bench = await import(pathToFileURL(path.join(folder, `${name}.mjs`)).href);
  console.log(`\n== ${name}${bench.what ? `: ${bench.what}` : ""}`);
  await bench.run({ print: console.log });
}
process.exit(0);
