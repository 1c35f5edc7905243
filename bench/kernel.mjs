// The kernel beside its peers, each started fresh in turn: start, cells, a loop over a cell's variable, 20,000 lines.
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const name = "kernel";
export const what = "runlab beside ipykernel, Deno's kernel and tslab; the loop beside plain Node";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const DENO = "2.9.6";
const house = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const python = path.join(house, ".venv", "bin", "python");
const execute = promisify(execFile);

const loop = (iterations) => `let s = 0; const t = performance.now(); for (let i = 0; i < ${iterations}; i++) s += i % 7; String((performance.now() - t) * 1e6 / ${iterations})`;
const typescript = (iterations) => ({
  first: "const a: number = 1; a + 1",
  later: Array.from({ length: 20 }, (_, i) => `const b${i}: number = a + ${i}; b${i} * 2`),
  loop: loop(iterations),
  lines: "for (let i = 0; i < 20000; i++) console.log('line ' + i);",
});
const pythonCells = {
  first: "a = 1\na + 1",
  later: Array.from({ length: 20 }, (_, i) => `b${i} = a + ${i}\nb${i} * 2`),
  loop: "import time\ns = 0\nt = time.perf_counter()\nfor i in range(2000000): s += i % 7\n(time.perf_counter() - t) * 1e9 / 2000000",
  lines: "for i in range(20000): print('line', i)",
};

/** Every kernel compared; `argv` as in a kernelspec. A null argv leaves the peer out, with a word why. */
function peers() {
  const require = createRequire(import.meta.url);
  const tslab = path.join(path.dirname(require.resolve("tslab/package.json")), "bin", "tslab");
  const deno = installDeno();
  return [
    { name: "runlab", argv: [process.execPath, path.join(house, "kernel-ext", "dist", "main.js"), "--connection-file", "{connection_file}"], interrupt: "message", codes: typescript(20_000_000) },
    { name: "ipykernel", argv: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"], codes: pythonCells },
    { name: "deno", argv: deno && [deno, "jupyter", "--kernel", "--conn", "{connection_file}"], interrupt: "message", codes: typescript(20_000_000) },
    { name: "tslab", argv: [process.execPath, tslab, "kernel", "--config-path={connection_file}"], codes: typescript(500_000) },
  ];
}

/** Deno's binary is an npm package for each platform; it is kept in `.cache` and is no dependency of the house. */
function installDeno() {
  const libc = process.platform === "linux" ? "-glibc" : "";
  const platform = `@deno/${process.platform}-${process.arch}${libc}`;
  const folder = path.join(house, ".cache", "bench-deno");
  const binary = path.join(folder, "node_modules", platform, process.platform === "win32" ? "deno.exe" : "deno");
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  try {
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", `${platform}@${DENO}`], { cwd: folder, stdio: "ignore" });
  } catch {
    return null;
  }
  return existsSync(binary) ? binary : null;
}

const sorted = (values) => values.filter(Number.isFinite).sort((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor(sorted(values).length / 2)];
const least = (values) => sorted(values)[0];

export async function run({ print }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "runlab-bench-"));
  const compared = peers().filter((peer) => {
    if (peer.argv === null) print(`${peer.name} is left out: its binary could not be installed`);
    return peer.argv !== null;
  });
  for (const peer of compared) {
    const spec = path.join(folder, "kernels", `bench-${peer.name}`);
    mkdirSync(spec, { recursive: true });
    writeFileSync(path.join(spec, "kernel.json"), JSON.stringify({ argv: peer.argv, display_name: peer.name, language: "x", interrupt_mode: peer.interrupt ?? "signal" }));
  }
  const figures = new Map(compared.map((peer) => [peer.name, []]));
  const plain = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const peer of compared) {
        const args = [path.join(house, "bench", "kernel-client.py"), `bench-${peer.name}`, JSON.stringify(peer.codes)];
        try {
          const { stdout } = await execute(python, args, { cwd: folder, env: { ...process.env, JUPYTER_PATH: folder, NO_COLOR: "1" }, timeout: 180_000, maxBuffer: 1e8 });
          figures.get(peer.name).push(JSON.parse(stdout.trim().split("\n").at(-1)));
        } catch (error) {
          print(`${peer.name}: a round failed: ${String(error.stderr || error.message).trim().split("\n").at(-1)}`);
        }
      }
      plain.push(Number(execFileSync(process.execPath, ["-p", `${loop(20_000_000)}`], { encoding: "utf8" })));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  const rows = [
    ["start to ready, ms", (each) => [each.ready]],
    ["first cell, ms", (each) => [each.first]],
    ["later cell, ms", (each) => each.later],
    ["loop, ns an iteration", (each) => [each.loop]],
    ["20,000 lines, ms", (each) => [each.flood]],
  ];
  print(`Node ${process.versions.node}, ${os.cpus().length} cores, ${ROUNDS} rounds in turn; least / median, and the ratio of medians to runlab's`);
  const own = figures.get("runlab");
  for (const [label, take] of rows) {
    const ours = median(own.flatMap(take));
    const cells = compared.map((peer) => cell(peer.name, figures.get(peer.name).flatMap(take), ours));
    if (label.startsWith("loop")) cells.push(cell("plain node", plain, ours));
    print(`${label.padEnd(24)}${cells.join("   ")}`);
  }
  print(`${"lines before idle".padEnd(24)}${compared.map((peer) => `${peer.name} ${least(figures.get(peer.name).map((each) => each.lines)) ?? "-"}`).join("   ")}`);
  return { figures: Object.fromEntries(figures), plain };
}

function cell(peer, values, ours) {
  if (values.length === 0) return `${peer} -`;
  const digits = least(values) < 10 ? 1 : 0;
  return `${peer} ${least(values).toFixed(digits)} / ${median(values).toFixed(digits)}${peer === "runlab" ? "" : ` (${(median(values) / ours).toFixed(1)}x)`}`;
}
