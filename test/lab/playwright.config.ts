/**
 * The sidebar in a real JupyterLab in Chromium: `npx playwright test -c test/lab`.
 *
 * The server gets folders of its own for everything (files, settings, workspaces, extensions), so that neither the
 * user's JupyterLab nor a second run of this suite is in its way.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";
import galata from "@jupyterlab/galata/lib/playwright-config.js";

const house = fileURLToPath(new URL("../..", import.meta.url));

// The workers read this file again: what is chosen once goes to them through the environment.
if (process.env.RUNLAB_LAB_HOME === undefined) {
  const home = mkdtempSync(join(tmpdir(), "runlab-lab-"));
  process.env.RUNLAB_LAB_HOME = home;
  process.env.RUNLAB_LAB_PORT = execFileSync(process.execPath, ["-e", "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})"], { encoding: "utf8" }).trim();
  for (const folder of ["files", "config", "data", "runtime", "settings", "workspaces", "ipython", "share/jupyter/labextensions"]) mkdirSync(join(home, folder), { recursive: true });
  symlinkSync(join(house, "lab-ext", "labextension"), join(home, "share/jupyter/labextensions/runlab-sidebar"), "dir");
  process.once("exit", () => rmSync(home, { recursive: true, force: true }));
}
const home = process.env.RUNLAB_LAB_HOME;
const address = `http://127.0.0.1:${process.env.RUNLAB_LAB_PORT}`;
process.env.TARGET_URL = address;
const python = process.env.RUNLAB_PYTHON ?? join(house, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

export default defineConfig({
  ...galata,
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: join(house, "test-results", "lab"),
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    ...galata.use,
    baseURL: address,
    viewport: { width: 1280, height: 800 },
    screenshot: "only-on-failure",
    video: "off",
    trace: "off",
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] },
  },
  webServer: {
    command: `"${python}" -m jupyterlab --config "${join(house, "test/lab/server_config.py")}" --ServerApp.port=${process.env.RUNLAB_LAB_PORT} --no-browser --allow-root --log-level=ERROR`,
    url: `${address}/api/status`,
    timeout: 90_000,
    stderr: process.env.RUNLAB_LAB_LOG ? "pipe" : "ignore",
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
    env: {
      ...(process.env as Record<string, string>),
      JUPYTERLAB_GALATA_ROOT_DIR: join(home, "files"),
      JUPYTER_PATH: join(home, "share/jupyter"),
      JUPYTER_CONFIG_DIR: join(home, "config"),
      JUPYTER_DATA_DIR: join(home, "data"),
      JUPYTER_RUNTIME_DIR: join(home, "runtime"),
      JUPYTERLAB_SETTINGS_DIR: join(home, "settings"),
      JUPYTERLAB_WORKSPACES_DIR: join(home, "workspaces"),
      IPYTHONDIR: join(home, "ipython"),
    },
  },
});
