/** `runlab install`: makes kernel and sidebar known to Jupyter. Installing is copying; nothing is downloaded. */
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RunlabError } from "../errors.js";
import { plainText } from "../runs/format/text.js";
import { storeError } from "../runs/store/store-error.js";
import type { CliCommand } from "./command.js";
import { jupyterDataFolder } from "./jupyter-data-folder.js";

const KERNEL = "runlab";
const SIDEBAR = "runlab-sidebar";

export const install: CliCommand = {
  usage: "install",
  summary: "install the kernel and the sidebar into Jupyter",
  examples: [
    { line: "runlab install", does: "for this user" },
    { line: 'runlab install --prefix "$VIRTUAL_ENV"', does: "into a virtual environment" },
  ],
  options: [
    { flags: "--prefix <dir>", summary: "install below <dir>/share/jupyter; default: the user's Jupyter data folder" },
    { flags: "--link", summary: "link the sidebar instead of copying it, for work on the sidebar itself" },
  ],
  async run(_words, options, terminal) {
    if (typeof options.prefix === "string" && !isFolder(options.prefix)) throw new RunlabError("--prefix takes a folder that exists", { received: options.prefix, allowed: 'such as "$VIRTUAL_ENV" or /usr/local' });
    const data = jupyterDataFolder(typeof options.prefix === "string" ? options.prefix : undefined);
    // Both are looked for before anything is written: half an installation would only puzzle.
    const kernel = builtKernel();
    const sidebar = builtSidebar();
    try {
      const kernelFolder = join(data, "kernels", KERNEL);
      replaceFolder(kernelFolder, (folder) => {
        if (existsSync(kernel.specFolder)) cpSync(kernel.specFolder, folder, { recursive: true, dereference: true });
        writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(kernel), null, 2)}\n`);
      });
      const sidebarFolder = join(data, "labextensions", SIDEBAR);
      if (options.link === true) replaceByLink(sidebarFolder, sidebar);
      else replaceFolder(sidebarFolder, (folder) => cpSync(sidebar, folder, { recursive: true, dereference: true }));
      terminal.print(`kernel   ${plainText(kernelFolder)}`);
      terminal.print(`sidebar  ${plainText(sidebarFolder)}${options.link === true ? " (linked)" : ""}`);
    } catch (error) {
      throw storeError(error, "install into Jupyter", data);
    }
  },
};

interface BuiltKernel {
  main: string;
  specFolder: string;
}

function builtKernel(): BuiltKernel {
  const folder = packageFolder("runlab-kernel");
  const main = join(folder, "dist", "main.js");
  if (!existsSync(main)) throw notBuilt("the kernel", main);
  return { main, specFolder: join(folder, "kernelspec") };
}

function builtSidebar(): string {
  const folder = join(packageFolder(SIDEBAR), "labextension");
  if (!existsSync(join(folder, "package.json"))) throw notBuilt("the sidebar", folder);
  return folder;
}

function packageFolder(name: string): string {
  let found: string;
  try {
    found = fileURLToPath(import.meta.resolve(`${name}/package.json`));
  } catch {
    throw new RunlabError(`the package ${name} is not installed`, { allowed: "npm install, in the clone or in the project that uses runlab" });
  }
  if (!existsSync(found)) throw new RunlabError(`the package ${name} is not installed`, { allowed: "npm install, in the clone or in the project that uses runlab" });
  // A workspace is a link in node_modules; the kernel is started where it really is, so that the link may go.
  return dirname(realpathSync(found));
}

function notBuilt(what: string, missing: string): RunlabError {
  return new RunlabError(`${what} is not built: ${missing} is missing`, { allowed: "npm run build, in the clone, and then this command again" });
}

/**
 * The kernel specification: that of `kernelspec/kernel.json`, with this Node in the place of "node" and the kernel's
 * real place for its "{main}", because Jupyter starts it without the user's PATH and from any folder.
 */
function kernelSpec({ main, specFolder }: BuiltKernel): Record<string, unknown> {
  const template = readJson(join(specFolder, "kernel.json")) ?? {};
  const given = Array.isArray(template.argv) ? template.argv.map(String) : ["node", "{main}", "--connection-file", "{connection_file}"];
  const argv = given.map((part, at) => (at === 0 ? process.execPath : part === "{main}" ? main : part));
  return { display_name: "TypeScript (runlab)", language: "typescript", ...template, argv };
}

function readJson(path: string): Record<string, unknown> | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>) : null;
}

/** Builds the folder beside its place and swaps it in, so that a running Jupyter never sees half of it. */
function replaceFolder(folder: string, build: (folder: string) => void): void {
  const fresh = `${folder}.new-${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  try {
    mkdirSync(fresh, { recursive: true });
    build(fresh);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

function replaceByLink(folder: string, target: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  // On a link, this takes the link away and not what it leads to.
  rmSync(folder, { recursive: true, force: true });
  symlinkSync(target, folder, process.platform === "win32" ? "junction" : "dir");
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
