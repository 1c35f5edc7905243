// What a fresh clone needs, in order. Each step is skipped when it is already done.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root, run, SetupError, step, venv, venvBin } from "./step.mjs";

export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(`Node 20.19 or later is needed; this is ${process.versions.node}. Get it from https://nodejs.org.`);
  }
}

export const packages = () =>
  step("Installing packages", { inputs: ["package-lock.json", ".npmrc"], output: "node_modules/.package-lock.json" }, () =>
    run("npm", ["ci", "--no-audit", "--no-fund"], { env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1" } }),
  );

const CORE = ["src", "kernel-ext", "setup/bundle.mjs", "tsconfig.json", "tsconfig.base.json", "package-lock.json"];

export const core = () =>
  step("Building the library and the kernel", { inputs: CORE, output: "kernel-ext/dist/main.js" }, async () => {
    await run(process.execPath, ["src/kernels/build.mjs"]);
    await run(process.execPath, ["node_modules/typescript/bin/tsc", "-b"]);
    await run(process.execPath, ["setup/bundle.mjs"]);
  });

export const sidebar = () =>
  step("Building the sidebar", { inputs: ["lab-ext", "src/diff", "src/runs/format", "package-lock.json"], output: "lab-ext/labextension/package.json" }, () =>
    run("npm", ["run", "build", "-w", "lab-ext"]),
  );

/** The first Python from 3.10 on that can make a virtual environment. */
function findPython() {
  const names = process.env.PYTHON ? [process.env.PYTHON] : process.platform === "win32" ? ["py", "python"] : ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
  let old = null;
  for (const name of names) {
    let version;
    try {
      version = execFileSync(name, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      continue;
    }
    const [major, minor] = version.split(".").map(Number);
    if (major !== 3 || minor < 10) {
      old ??= `${name} is ${version}`;
      continue;
    }
    try {
      execFileSync(name, ["-c", "import venv, ensurepip"], { stdio: "ignore" });
    } catch {
      throw new SetupError(`${name} ${version} cannot make a virtual environment: on Debian or Ubuntu, apt-get install python3-venv.`);
    }
    return name;
  }
  throw new SetupError(`Python 3.10 or later is needed for JupyterLab${old ? ` (${old})` : " and none was found"}: get it from https://www.python.org/downloads, or on Debian or Ubuntu, apt-get install python3 python3-venv.`);
}

export async function jupyterlab() {
  if (!existsSync(venvBin("python"))) {
    const python = findPython();
    await step("Making the Python environment .venv", { inputs: [], output: path.relative(root, venvBin("python")) }, () => run(python, ["-m", "venv", venv]));
  }
  await step("Installing JupyterLab", { inputs: ["setup/requirements.txt"], output: path.relative(root, venvBin("jupyter-lab")) }, () =>
    run(venvBin("python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "setup/requirements.txt"]),
  );
  // JupyterLab carries CommonJS scripts, which must not be read by the rule of the project's own package.json.
  writeFileSync(path.join(venv, "package.json"), '{ "type": "commonjs" }\n');
}

export const testTools = () =>
  step("Installing the test tools", { inputs: ["test/requirements.txt"] }, () =>
    run(venvBin("python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "test/requirements.txt"]),
  );

/** Kernel and sidebar into the JupyterLab of this project. */
export const installed = () =>
  step("Installing kernel and sidebar", { inputs: ["lab-ext/labextension/package.json", "lab-ext/package.json", "kernel-ext/kernelspec", "src/cli", "setup"], output: path.relative(root, path.join(venv, "share", "jupyter", "kernels", "runlab", "kernel.json")) }, () =>
    run(process.execPath, ["src/bin/runlab.js", "install", "--prefix", venv]),
  );

export async function everything() {
  checkNode();
  await packages();
  await core();
  await sidebar();
  await jupyterlab();
  await installed();
}
