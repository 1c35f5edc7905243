/** `runlab install` into an empty prefix. Runs on the build of all three packages. */
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { jupyterDataFolder } from "../../src/cli/jupyter-data-folder.js";

const PROGRAM = fileURLToPath(new URL("../../src/bin/runlab.js", import.meta.url));
let prefix: string;
beforeEach(() => void (prefix = mkdtempSync(join(tmpdir(), "runlab-install-"))));
afterEach(() => rmSync(prefix, { recursive: true, force: true }));

function install(words: string[], environment: Record<string, string> = {}): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, "install", ...words], { cwd: prefix, encoding: "utf8", env: { PATH: process.env.PATH, HOME: prefix, ...environment } });
  return { code: status, out: stdout, err: stderr };
}

function expectInstalled(data: string): void {
  const spec = JSON.parse(readFileSync(join(data, "kernels/runlab/kernel.json"), "utf8")) as { argv: string[]; display_name: string; language: string };
  expect(spec).toMatchObject({ display_name: "TypeScript (runlab)", language: "typescript" });
  expect(spec.argv[0]).toBe(process.execPath);
  const main = spec.argv.find((part) => part.endsWith("main.js")) as string;
  expect(isAbsolute(main) && existsSync(main)).toBe(true);
  expect(spec.argv.slice(-2)).toEqual(["--connection-file", "{connection_file}"]);
  expect(readdirSync(join(data, "kernels/runlab"))).toContain("logo-64x64.png");
  const sidebar = JSON.parse(readFileSync(join(data, "labextensions/runlab-sidebar/package.json"), "utf8")) as { name: string; jupyterlab: { _build: { load: string } } };
  expect(sidebar.name).toBe("runlab-sidebar");
  expect(existsSync(join(data, "labextensions/runlab-sidebar", sidebar.jupyterlab._build.load))).toBe(true);
}

test("puts kernel and sidebar below the prefix, again and again, without leaving old files", () => {
  const data = join(prefix, "share/jupyter");
  for (let time = 0; time < 2; time++) {
    const { code, out, err } = install(["--prefix", prefix]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(join(data, "kernels/runlab"));
    expectInstalled(data);
    expect(existsSync(join(data, "labextensions/runlab-sidebar/old.js"))).toBe(false);
    writeFileSync(join(data, "labextensions/runlab-sidebar/old.js"), "");
  }
  expect(readdirSync(join(data, "kernels"))).toEqual(["runlab"]);
  expect(readdirSync(join(data, "labextensions"))).toEqual(["runlab-sidebar"]);
});

test("links the sidebar for work on it, and a later copy takes only the link away", () => {
  const place = join(prefix, "share/jupyter/labextensions/runlab-sidebar");
  expect(install(["--prefix", prefix, "--link"]).code).toBe(0);
  expect(lstatSync(place).isSymbolicLink()).toBe(true);
  expectInstalled(join(prefix, "share/jupyter"));
  expect(install(["--prefix", prefix]).code).toBe(0);
  expect(lstatSync(place).isSymbolicLink()).toBe(false);
  expectInstalled(join(prefix, "share/jupyter"));
});

test("goes to the user's own folder without a prefix", () => {
  const data = join(prefix, "data");
  expect(install([], { JUPYTER_DATA_DIR: data }).code).toBe(0);
  expectInstalled(data);
});

test("a place that cannot be written is one line", () => {
  mkdirSync(join(prefix, "share"));
  writeFileSync(join(prefix, "share/jupyter"), "");
  const { code, err } = install(["--prefix", prefix]);
  expect(err).toMatch(/^runlab: could not install into Jupyter: [^\n]+\((ENOTDIR|EEXIST)\): [^\n]+\n$/);
  expect(code).toBe(2);
});

describe("the data folder of Jupyter", () => {
  test.each<[string | undefined, NodeJS.ProcessEnv, NodeJS.Platform, string]>([
    ["/env", {}, "linux", "/env/share/jupyter"],
    [undefined, { JUPYTER_DATA_DIR: "/data" }, "darwin", "/data"],
    [undefined, { XDG_DATA_HOME: "/xdg" }, "linux", "/xdg/jupyter"],
    [undefined, {}, "linux", join(homedir(), ".local/share/jupyter")],
    [undefined, {}, "darwin", join(homedir(), "Library/Jupyter")],
    [undefined, { APPDATA: "/roaming" }, "win32", "/roaming/jupyter"],
  ])("prefix %j, %j on %s", (given, environment, platform, expected) => expect(jupyterDataFolder(given, environment, platform)).toBe(expected));
});
