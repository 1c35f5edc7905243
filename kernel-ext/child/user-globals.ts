/** The names every cell has without an import: the kernel's own and all that `runlab` exports. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { clearOutput, display, newDisplay, writeDisplayData } from "./display.js";
import { comms } from "./comms.js";
import { prompt } from "./prompt.js";
import { useTablePreview } from "./bundle.js";
import { exportNames } from "./export-names.js";
import type { MimeBundle } from "../protocol/messages.js";

/** Configurable, so that `const split = …` in a cell may take the name; not enumerable, so that they do not crowd `globalThis`. */
function define(name: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(globalThis, name, { configurable: true, enumerable: false, ...descriptor });
}

export function defineKernelGlobals(): void {
  for (const [name, value] of Object.entries({ display, newDisplay, clearOutput, prompt, comms })) define(name, { value, writable: true });
}

const require = createRequire(import.meta.url);
const version = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;

/** What `import … from "tslab"` gives, so that notebooks written for tslab run unchanged. Engines find it by its symbol. */
export function defineTslab(): void {
  const tslab = {
    display,
    newDisplay,
    get versions() {
      return { tslab: version("tslab"), typescript: version("typescript"), node: process.version };
    },
    writeDisplayData,
  };
  Object.defineProperty(globalThis, Symbol.for("runlab.tslab"), { value: tslab });
}

/** The library, loaded when it is first needed. Node gives an ES module to `require` as long as it awaits nothing. */
const library = (): Record<string, unknown> => require("runlab") as Record<string, unknown>;

/** Makes the exports of `runlab` global. The first use of one loads them all. */
export function defineLibraryGlobals(): void {
  for (const name of exportNames(pathToFileURL(require.resolve("runlab")))) {
    if (name in globalThis) continue;
    define(name, {
      get: () => library()[name],
      set: (value: unknown) => define(name, { value, writable: true, enumerable: true }),
    });
  }
  useTablePreview((table) => (library().tablePreview as (table: unknown) => MimeBundle)(table));
}
