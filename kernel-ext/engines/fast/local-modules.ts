/**
 * Files of the notebook's project, imported from cells: TypeScript is compiled on the way in, and a file that was
 * edited, or that imports one that was, is loaded anew.
 *
 * Node has two ways to hook its loader: in the same thread (22.15 and later) and in a thread of its own (20). Both call
 * the functions of this file.
 */
import { readFileSync, statSync } from "node:fs";
import module from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { OWN_MODULES } from "./own-modules.js";
import { parse } from "./syntax.js";
import { CellSyntaxError, toJavaScript } from "./transform.js";

/** What may be left off, in the order tried. */
const ENDINGS = ["", ".ts", ".mts", ".tsx", ".js", ".mjs", ".json", "/index.ts", "/index.js"];
const TYPESCRIPT = /\.(?:ts|mts|tsx)$/;
const SCRIPT = /\.(?:ts|mts|tsx|js|mjs)$/;

let installed = false;

/** Hooks the loader, once; done only when a cell imports a file, for the hook costs a thread on Node 20. */
export function installLocalModules(): void {
  if (installed) return;
  installed = true;
  const hooks = module as typeof module & { registerHooks?(hooks: object): void };
  if (hooks.registerHooks)
    hooks.registerHooks({
      resolve: (specifier: string, context: ResolveContext, next: Next) => resolveLocal(specifier, context.parentURL) ?? next(specifier, context),
      load: (url: string, context: object, next: Next) => loadLocal(url) ?? next(url, context),
    });
  else module.register("./local-modules-thread.js", import.meta.url);
}

interface ResolveContext {
  parentURL?: string;
}
type Next = (...args: unknown[]) => unknown;

export interface Resolved {
  url: string;
  format?: "module";
  shortCircuit: true;
}

/** The address of a local file with its version in it, or null to let Node decide. */
export function resolveLocal(specifier: string, parentURL: string | undefined): Resolved | null {
  if (!parentURL?.startsWith("file:") || isPackage(parentURL)) return null;
  const own = OWN_MODULES.resolve(specifier);
  if (own !== null) return { url: own, shortCircuit: true };
  const file = localFile(specifier, parentURL);
  if (file === null || !SCRIPT.test(file)) return file === null ? null : { url: pathToFileURL(file).href, shortCircuit: true };
  const url = `${pathToFileURL(file).href}?v=${version(file)}`;
  return isModule(file) ? { url, format: "module", shortCircuit: true } : { url: pathToFileURL(file).href, shortCircuit: true };
}

export interface Loaded {
  format: "module";
  source: string;
  shortCircuit: true;
}

/** The compiled text of a local TypeScript file, or null to let Node load it. */
export function loadLocal(url: string): Loaded | null {
  if (!url.startsWith("file:") || isPackage(url)) return null;
  const file = fileURLToPath(url.replace(/[?#].*$/, ""));
  if (!TYPESCRIPT.test(file)) return null;
  try {
    const compiled = toJavaScript(readFileSync(file, "utf8"), file.endsWith(".tsx") ? "tsx" : "ts", "drop");
    const source = compiled.map === null ? compiled.code : `${compiled.code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(compiled.map).toString("base64")}`;
    return { format: "module", source, shortCircuit: true };
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    throw new SyntaxError(`${file}:${error.problem.line}:${error.problem.column}: ${error.message}`);
  }
}

function isPackage(url: string): boolean {
  return url.includes("/node_modules/");
}

function localFile(specifier: string, parentURL: string): string | null {
  if (!/^(?:\.{0,2}\/|file:)/.test(specifier)) return null;
  const asked = fileURLToPath(new URL(specifier, parentURL.replace(/[?#].*$/, "")));
  if (asked.includes(`${path.sep}node_modules${path.sep}`)) return null;
  // `./x.js` may mean the TypeScript file beside it, as TypeScript's own rules have it.
  const candidates = [...ENDINGS.map((ending) => asked + ending), asked.replace(/\.(m?)js$/, ".$1ts")];
  return candidates.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile()) ?? null;
}

function isModule(file: string): boolean {
  if (TYPESCRIPT.test(file) || file.endsWith(".mjs")) return true;
  const parsed = parse(readFileSync(file, "utf8"), "js");
  return parsed.module.hasModuleSyntax;
}

/** Changes when the file, or any local file it reaches, does. */
function version(file: string): string {
  const seen = new Map<string, string>();
  visit(file, seen);
  let hash = 0x811c9dc5;
  for (const [name, stamp] of [...seen].sort((a, b) => (a[0] < b[0] ? -1 : 1)))
    for (const char of `${name}\0${stamp}\0`) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(36);
}

function visit(file: string, seen: Map<string, string>): void {
  if (seen.has(file)) return;
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  seen.set(file, stat ? `${stat.mtimeNs}-${stat.size}` : "gone");
  if (!stat || !SCRIPT.test(file)) return;
  const url = pathToFileURL(file).href;
  const { module: found } = parse(readFileSync(file, "utf8"), file.endsWith("x") ? "tsx" : "ts");
  const requests = [...found.staticImports.map((row) => row.moduleRequest.value), ...found.staticExports.flatMap((row) => row.entries.flatMap((entry) => (entry.moduleRequest ? [entry.moduleRequest.value] : [])))];
  for (const request of requests) {
    const next = localFile(request, url);
    if (next !== null) visit(next, seen);
  }
}
