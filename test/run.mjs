// `npm test`: installs what is missing, runs every suite and closes with one line, `N passed, N failed`.
// `npm test -- unit kernel` runs only the named ones; `npm test -- --list` says which there are.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { everything, testTools } from "../setup/steps.mjs";
import { root, run, SetupError, step, venvBin } from "../setup/step.mjs";

const reports = path.join(root, ".cache", "reports");
const report = (name) => path.join(reports, name);

/** Runs a suite's program with its output shown; resolves with its exit status. */
function show(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
    child.on("error", reject);
    child.on("close", resolve);
  });
}

/** vitest's JSON report. A file that could not be loaded has no test to count, so it counts as one failure itself. */
async function vitest(name, args, { node = process.execPath, env = {} } = {}) {
  const file = report(`${name}.json`);
  rmSync(file, { force: true });
  await show(node, ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...args], env);
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, "utf8"));
  const unloadable = testResults.filter((result) => result.status === "failed" && !result.assertionResults.some((test) => test.status === "failed")).length;
  return { passed: numPassedTests, failed: numFailedTests + unloadable };
}

/** pytest's JUnit report. */
async function pytest(name, args, env = {}) {
  const file = report(`${name}.xml`);
  rmSync(file, { force: true });
  const code = await show(venvBin("python"), ["-m", "pytest", "-q", "-p", "no:cacheprovider", `--junitxml=${file}`, ...args], env);
  const [, attributes] = /<testsuite ([^>]*)>/.exec(readFileSync(file, "utf8"));
  const count = (key) => Number(new RegExp(`${key}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  const passed = count("tests") - failed - count("skipped");
  return { passed, failed: failed || (code === 0 ? 0 : 1) };
}

/** Playwright's JSON report. */
async function playwright(name, config) {
  const file = report(`${name}.json`);
  rmSync(file, { force: true });
  const code = await show(process.execPath, ["node_modules/@playwright/test/cli.js", "test", "-c", config, "--reporter=list,json"], { PLAYWRIGHT_JSON_OUTPUT_NAME: file, CHROMIUM: findChromium() });
  const { expected, unexpected, flaky } = JSON.parse(readFileSync(file, "utf8")).stats;
  return { passed: expected + flaky, failed: unexpected || (code === 0 ? 0 : 1) };
}

function findChromium() {
  const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
  const found = places.find((place) => place && existsSync(place));
  if (!found) throw new SetupError("A Chromium browser is needed for the sidebar's tests and none was found: on Debian or Ubuntu, apt-get install chromium; elsewhere set CHROMIUM to its path.");
  return found;
}

const NODE_24 = "24.9.0";
async function node24() {
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const prefix = path.join(root, ".cache", "node-24");
  const binary = path.join(prefix, "node_modules", name, "bin", "node");
  await step("Installing Node 24 for the check", { inputs: [], output: path.relative(root, binary) }, async () => {
    mkdirSync(prefix, { recursive: true });
    await run("npm", ["install", "--prefix", prefix, "--no-save", "--no-audit", "--no-fund", `${name}@${NODE_24}`]);
  });
  return binary;
}

const SUITES = {
  unit: { what: "unit, contract and house tests of the library, the engines and the command line", run: () => vitest("unit", []) },
  kernel: { what: "the kernel through a real jupyter_client, and jupyter_kernel_test", run: () => pytest("kernel", ["test/kernel"]) },
  labs: { what: "every lab through the real kernel", run: () => pytest("labs", ["test/labs"]) },
  sidebar: { what: "the sidebar in a real JupyterLab in Chromium", run: () => playwright("sidebar", "test/lab") },
  "node24-core": { what: "the library's suites on Node 24", run: async () => vitest("node24-core", [], { node: await node24(), env: { RUNLAB_NODE: await node24() } }) },
  "node24-kernel": { what: "the kernel's suite on Node 24", run: async () => pytest("node24-kernel", ["test/kernel"], { RUNLAB_NODE: await node24() }) },
};

async function main() {
  const asked = process.argv.slice(2);
  if (asked.includes("--list")) {
    for (const [name, { what }] of Object.entries(SUITES)) console.log(`${name.padEnd(14)} ${what}`);
    return;
  }
  const unknown = asked.filter((name) => !SUITES[name]);
  if (unknown.length) throw new SetupError(`No suite is called ${unknown.join(", ")}; there are: ${Object.keys(SUITES).join(", ")}.`);
  await everything();
  await testTools();
  mkdirSync(reports, { recursive: true });
  const total = { passed: 0, failed: 0 };
  const lines = [];
  for (const name of asked.length ? asked : Object.keys(SUITES)) {
    console.log(`\n== ${name}: ${SUITES[name].what}`);
    const started = Date.now();
    let counts;
    try {
      counts = await SUITES[name].run();
    } catch (error) {
      console.error(error instanceof SetupError ? error.message : error);
      counts = { passed: 0, failed: 1 };
    }
    if (counts.passed + counts.failed === 0) counts.failed = 1;
    total.passed += counts.passed;
    total.failed += counts.failed;
    lines.push(`${name.padEnd(14)} ${String(counts.passed).padStart(5)} passed ${String(counts.failed).padStart(4)} failed ${String(Math.round((Date.now() - started) / 1000)).padStart(5)} s`);
  }
  console.log(`\n${lines.join("\n")}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed ? 1 : 0;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
