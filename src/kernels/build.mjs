// Builds the kernels: AssemblyScript sources in assembly/ into WebAssembly in wasm/, three variants of each.
// `node src/kernels/build.mjs` builds what has changed, `node src/kernels/build.mjs forest` only that kernel.
import asc from "assemblyscript/asc";
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const sources = path.join(here, "assembly");
const output = path.join(here, "wasm");
const dist = path.join(here, "..", "dist", "kernels", "wasm");

/** Each kernel is a file of assembly/. Its place in the list is its place in memory: only ever add at the end. */
const KERNELS = ["probe", "dense", "forest", "csv", "boost", "dense-distance", "predict", "metrics", "parquet", "parquet-write"];

/** Room for what a kernel keeps at fixed addresses, so that several kernels can stand on one memory. */
const STATIC_BYTES = 2048;

/** The import of a shared memory has to name its most pages: all that 32-bit addresses reach. */
const MOST_PAGES = "65536";

const VARIANTS = {
  threads: ["--enable", "simd", "--enable", "threads", "--enable", "bulk-memory", "--sharedMemory", "--maximumMemory", MOST_PAGES],
  simd: ["--enable", "simd", "--enable", "bulk-memory", "--disable", "threads"],
  plain: ["--disable", "simd", "--enable", "bulk-memory", "--disable", "threads"],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !KERNELS.includes(name));
if (unknown.length > 0) {
  console.error(`No kernel is called ${unknown.join(", ")}; there are: ${KERNELS.join(", ")}.`);
  process.exit(2);
}

const newest = Math.max(statSync(fileURLToPath(import.meta.url)).mtimeMs, statSync(path.join(here, "boost-layout.ts")).mtimeMs, ...readdirSync(sources).map((file) => statSync(path.join(sources, file)).mtimeMs));
mkdirSync(output, { recursive: true });
mkdirSync(dist, { recursive: true });
let failed = false;
for (const name of asked.length > 0 ? asked : KERNELS) {
  for (const [variant, flags] of Object.entries(VARIANTS)) {
    const file = path.join(output, `${name}.${variant}.wasm`);
    if (!existsSync(file) || statSync(file).mtimeMs < newest) await build(name, flags, file);
    if (existsSync(file)) copyFileSync(file, path.join(dist, path.basename(file)));
  }
}
process.exitCode = failed ? 1 : 0;

async function build(name, flags, file) {
  const { error, stderr } = await asc.main([
    path.join(sources, `${name}.ts`),
    "--outFile", file,
    "-O3", "--noAssert", "--runtime", "stub", "--use", "abort=",
    "--importMemory", "--noExportMemory", "--initialMemory", "1",
    "--memoryBase", String(1024 + STATIC_BYTES * KERNELS.indexOf(name)),
    ...flags,
  ]);
  if (error === null) return;
  failed = true;
  console.error(`kernel ${name}: ${error.message}\n${stderr.toString()}`);
}
