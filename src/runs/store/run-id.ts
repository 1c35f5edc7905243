/**
 * Ids of runs: `2026-11-21T10-15-30.123Z__forest__seed42__k3f9`.
 *
 * Sorting by id is sorting by the millisecond of the start, and runs of one process sort in the order they were made:
 * a later one gets a later millisecond. A collision is impossible: the store takes a name only by creating a folder
 * that must not exist, and draws another tag when it does.
 */
import { randomBytes } from "node:crypto";

/**
 * Taken when this file is loaded, and not from `src/random`: a tag must differ from run to run, also when a seed makes
 * everything else the same.
 */
const draw = randomBytes;

const TAG_LENGTH = 4;
const TAGS = 36 ** TAG_LENGTH;

/** A short random word of `a-z0-9` for a name that nobody else should have. */
export function randomTag(): string {
  return (draw(6).readUIntBE(0, 6) % 36 ** 8).toString(36).padStart(8, "0");
}

/** The name as it may stand in a folder name: lowercase ASCII, at most 40 characters, never empty. */
export function slug(name: string): string {
  const words = name.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  let text = "";
  for (const character of words) {
    if ((character >= "a" && character <= "z") || (character >= "0" && character <= "9")) text += character;
    // A single "_" stays, because names are often identifiers; "__" separates the parts of an id.
    else if (text !== "" && !text.endsWith("-") && !text.endsWith("_")) text += character === "_" ? "_" : "-";
    if (text.length === 40) break;
  }
  return text.replace(/[-_]+$/, "") || "run";
}

let lastMillisecond = 0;

/** A new id. `started` in milliseconds since 1970. */
export function newRunId(name: string, seed: number, started: number): string {
  // A clock that was set back by more than a minute is believed.
  lastMillisecond = started <= lastMillisecond && started > lastMillisecond - 60_000 ? lastMillisecond + 1 : started;
  const time = new Date(lastMillisecond).toISOString().replaceAll(":", "-");
  const tag = (draw(4).readUInt32BE(0) % TAGS).toString(36).padStart(TAG_LENGTH, "0");
  return `${time}__${slug(name)}__seed${seed}__${tag}`;
}

/** Whether a folder name can be a run at all; "index" and hidden names are the store's own. */
export function isRunName(name: string): boolean {
  return !name.startsWith(".") && name !== "index";
}
