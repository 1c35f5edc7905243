/**
 * `import` in a cell. Names are looked up from the notebook's folder, as if the cell were a file in it, by Node's own
 * ES module loader: `exports` maps, top-level await and JSON modules work as in a program.
 *
 * Two names are the kernel's: `runlab` is always the copy that the kernel records with (another copy would fit models
 * unseen), and `tslab` is a module with tslab's `display`, so that notebooks written for it run unchanged.
 */
import { createRequire, isBuiltin } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { installLocalModules } from "./local-modules.js";
import { OWN_MODULES } from "./own-modules.js";

export class ModuleNotFound extends Error {
  override name = "ModuleNotFound";
  readonly code = "ERR_MODULE_NOT_FOUND";
}

/** The second argument of `import()`. */
interface ImportCallOptions {
  with?: Record<string, string>;
}

type Import = (specifier: string, options?: ImportCallOptions) => Promise<unknown>;

export interface CellModules {
  import: Import;
  require: NodeJS.Require;
  meta: { url: string; filename: string; dirname: string; resolve(specifier: string): string };
}

export function cellModules(folder: string): CellModules {
  // The file need not exist: only its folder counts.
  const filename = path.join(folder, "cell.ts");
  const url = pathToFileURL(filename).href;
  muteExperimentalWarnings();
  const native = vm.runInThisContext("(specifier, options) => import(specifier, options)", {
    filename,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as Import;
  const require = createRequire(filename);

  async function importModule(specifier: string, options?: ImportCallOptions): Promise<unknown> {
    const asked = String(specifier);
    const own = OWN_MODULES.resolve(asked);
    if (own === null && /^(?:\.{0,2}\/|file:)/.test(asked)) installLocalModules();
    try {
      return await native(own ?? asked, options ?? attributesFor(asked));
    } catch (error) {
      throw clearer(error, asked, folder);
    }
  }

  const requireModule = new Proxy(require, {
    apply(target, self, args: [string]) {
      const [asked] = args;
      if (asked === "tslab") return OWN_MODULES.tslab();
      const own = typeof asked === "string" ? OWN_MODULES.file(asked) : null;
      try {
        return Reflect.apply(target, self, own === null ? args : [own]);
      } catch (error) {
        throw clearer(error, String(asked), folder);
      }
    },
  });

  return {
    import: importModule,
    require: requireModule,
    meta: { url, filename, dirname: folder, resolve: (specifier) => OWN_MODULES.resolve(specifier) ?? resolveFrom(require, specifier, url) },
  };
}

/** What the kernel uses of Node that is still called experimental is no news to the user. */
function muteExperimentalWarnings(): void {
  const emit = process.emitWarning;
  process.emitWarning = function emitWarning(warning: string | Error, ...rest: unknown[]) {
    const text = typeof warning === "string" ? warning : warning.message;
    if (rest[0] === "ExperimentalWarning" && /USE_MAIN_CONTEXT_DEFAULT_LOADER|JSON modules|Import assertions|CommonJS module .* ES Module|registerHooks/i.test(text)) return;
    Reflect.apply(emit, process, [warning, ...rest]);
  } as typeof process.emitWarning;
}

/** TypeScript lets a JSON module be imported without saying so; Node wants the attribute. */
function attributesFor(specifier: string): ImportCallOptions | undefined {
  return /\.json$/.test(specifier) ? { with: { type: "json" } } : undefined;
}

function resolveFrom(require: NodeJS.Require, specifier: string, url: string): string {
  if (/^\.{0,2}\//.test(specifier)) return new URL(specifier, url).href;
  const found = require.resolve(specifier);
  return isBuiltin(found) ? `node:${found.replace(/^node:/, "")}` : pathToFileURL(found).href;
}

/** Names the package that is missing and the command that adds it. Other errors pass as they are. */
function clearer(error: unknown, asked: string, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND" && code !== "ERR_UNSUPPORTED_DIR_IMPORT") return error;
  const message = String((error as Error).message);
  if (/^(?:\.{0,2}\/|file:)/.test(asked)) {
    const missing = /Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1] ?? asked;
    const own = path.resolve(folder, asked.replace(/^file:\/\//, ""));
    if (code === "ERR_UNSUPPORTED_DIR_IMPORT") return new ModuleNotFound(`"${asked}" is a folder without an index file; import a file in it`);
    return missing.startsWith(own) || missing === asked || missing.startsWith(pathToFileURL(own).href)
      ? new ModuleNotFound(`there is no file "${asked}" (looked in ${folder}; endings .ts, .mts, .js, .mjs and .json are tried)`)
      : new ModuleNotFound(`"${asked}" needs "${missing}", which is not there`);
  }
  const missing = /Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1] ?? asked;
  const name = packageName(asked);
  if (missing !== asked && packageName(missing) !== name) return error;
  return new ModuleNotFound(`the package "${name}" is not installed for this notebook; in ${folder} type: npm install ${name}`);
}

function packageName(specifier: string): string {
  return specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
