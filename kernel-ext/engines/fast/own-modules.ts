/** The modules that every cell and every local file can import, wherever the notebook lies: `runlab` and `tslab`. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);

/**
 * What `import "tslab"` gives: the object under this symbol, else the global `display` and `newDisplay`. A registry
 * symbol, so that no engine imports the child.
 */
export const TSLAB = Symbol.for("runlab.tslab");

/** A module of one line: what it exports is read when it is first imported. */
const TSLAB_URL = `data:text/javascript,${encodeURIComponent(
  `const tslab = globalThis[Symbol.for("runlab.tslab")] ?? { display: globalThis.display, newDisplay: globalThis.newDisplay, versions: { tslab: "1.0.22", typescript: "", node: process.version } }; export const { display, newDisplay, versions } = tslab; export default tslab;`,
)}`;

export const OWN_MODULES = {
  /** The address to load, or null when the name is not one of ours. */
  resolve(specifier: string): string | null {
    if (specifier === "tslab") return TSLAB_URL;
    const file = this.file(specifier);
    return file === null ? null : pathToFileURL(file).href;
  },

  file(specifier: string): string | null {
    if (specifier !== "runlab" && !specifier.startsWith("runlab/")) return null;
    return require.resolve(specifier);
  },

  tslab(): unknown {
    const { display, newDisplay } = globalThis as Record<string, unknown>;
    return (globalThis as Record<symbol, unknown>)[TSLAB] ?? { display, newDisplay, versions: { tslab: "1.0.22", typescript: "", node: process.version } };
  },
};
