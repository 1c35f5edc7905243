// One file per entry and a few shared ones, of the library and what it imports: a fresh process then reads a dozen files
// instead of a thousand, which was most of the time that `import "runlab"` took.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const dist = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), "src", "dist");
const output = path.join(dist, "bundle");

/** The names that package.json exports, and the programs that are started by path. */
const ENTRIES = {
  index: "index.js",
  runs: "runs/index.js",
  format: "runs/format/index.js",
  diff: "diff/index.js",
  observe: "observe/index.js",
  cli: "cli/main.js",
  "round-worker": "select/round-worker.js",
};

/** Loaded when needed, which is seldom, or with files of their own. */
const EXTERNAL = [/^vega/, /^parquet-wasm/, /^ml-random-forest/, /^commander$/, /^runlab$/];

rmSync(output, { recursive: true, force: true });
const bundle = await rolldown({
  input: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, path.join(dist, file)])),
  platform: "node",
  external: EXTERNAL,
  resolve: { conditionNames: ["node", "import"] },
  treeshake: { moduleSideEffects: [{ test: /[\\/]node_modules[\\/](apache-arrow|flatbuffers|ml-[a-z-]+)[\\/]/, sideEffects: false }] },
});
const { output: files } = await bundle.generate({ format: "esm", minify: true, entryFileNames: "[name].js", chunkFileNames: "part-[hash].js" });
mkdirSync(output, { recursive: true });
for (const { fileName, code } of files) writeFileSync(path.join(output, fileName), ascii(code));
cpSync(path.join(dist, "kernels", "wasm"), path.join(output, "wasm"), { recursive: true });

/** A text of one-byte characters is parsed faster; an escape means the same in strings, templates, patterns and names. */
function ascii(code) {
  return code.replace(/[^\x00-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
