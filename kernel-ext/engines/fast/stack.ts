/**
 * Stack traces as the user wrote the code: positions of the cell, no frame of the kernel or of Node.
 *
 * `Error.prepareStackTrace` is the one place that every `error.stack` passes, so a stack printed by the user's own
 * `catch` is as right as the one under a failed cell.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toJavaScript, type Position } from "./transform.js";

const originals = new Map<string, (position: Position) => Position>();
const CELL = /^cell_\d+\.ts$/;
/** Everything under the kernel's own folder. */
const KERNEL = [new URL("../../", import.meta.url).href];

/** From now on, positions in script `name` are shown as `original` gives them. */
export function mapPositions(name: string, original: (position: Position) => Position): void {
  originals.set(name, original);
}

export function installStackTraces(): void {
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.map(frame);
    // Below the cell's own first frame there is only what started the cell.
    const cell = frames.findLastIndex((one) => one !== null && one.cell);
    const shown = cell >= 0 ? frames.slice(0, cell + 1) : frames;
    return [header(error), ...shown.flatMap((one) => (one === null ? [] : [one.text]))].join("\n");
  };
}

function header(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

interface Frame {
  text: string;
  cell: boolean;
}

/** Null for a frame that is not the user's. */
function frame(site: NodeJS.CallSite): Frame | null {
  const file = site.getScriptNameOrSourceURL?.() ?? site.getFileName();
  if (typeof file !== "string" || file === "" || file.startsWith("node:") || KERNEL.some((folder) => file.startsWith(folder))) return null;
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (line === null || column === null) return null;
  const at = originalOf(file)({ line, column });
  const place = `${shown(file)}:${at.line}:${at.column}`;
  // V8's own wording ("async foo", "new Foo", "Object.bar") with our place in it.
  const own = site.toString();
  const bracket = own.lastIndexOf(" (");
  const cell = CELL.test(file);
  if (bracket >= 0 && own.endsWith(")")) return { text: `    at ${own.slice(0, bracket).replaceAll("\u02d1", "")} (${place})`, cell };
  return { text: `    at ${own.startsWith("async ") ? "async " : ""}${place}`, cell };
}

function originalOf(file: string): (position: Position) => Position {
  const known = originals.get(file);
  if (known) return known;
  // A local TypeScript file was compiled by the loader, perhaps in another thread: compiled again, its map is the same.
  if (!/\.(?:ts|mts|tsx)\?v=/.test(file)) return (position) => position;
  let original = (position: Position) => position;
  try {
    original = toJavaScript(readFileSync(shown(file), "utf8"), /\.tsx\?/.test(file) ? "tsx" : "ts", "drop").original;
  } catch {
    // The file changed or went away since: its positions are then those of the compiled text.
  }
  originals.set(file, original);
  return original;
}

function shown(file: string): string {
  if (!file.startsWith("file:")) return file;
  try {
    return fileURLToPath(file.replace(/[?#].*$/, ""));
  } catch {
    return file;
  }
}
