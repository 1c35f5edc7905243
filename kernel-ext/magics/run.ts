/** `%%run`: the whole cell becomes a recorded run, and the flags become `config`. */
import type { ConfigValue } from "runlab/format";
import { MagicError, type Magic, type ParsedMagic } from "./magic.js";

export const runMagic: Magic = {
  name: "run",
  kind: "cell",
  usage: "[name] [--seed N] [--tag TAG] [--any_flag value]",
  summary: "Records the cell as a run; every other flag becomes a field of `config`.",
  flags: [
    { name: "seed", value: "number", summary: "Integer from 0 to 2^53 - 1; drawn and recorded when it is not given." },
    { name: "tag", value: "string", summary: "A tag, or several with commas between them." },
    { name: "name", value: "string", summary: "The run's name, the same as the word after %%run." },
  ],
  openFlags: true,
};

/** What a `%%run` line asks for. */
export interface RunRequest {
  /** Null when the line gives no name. */
  name: string | null;
  /** Null when one is to be drawn. */
  seed: number | null;
  tags: string[];
  /** The open flags, in the order typed: what `config` holds, without `seed`. */
  flags: Record<string, ConfigValue>;
}

/** Reads a parsed `%%run` line. The parser has checked the values already. */
export function runRequest(magic: ParsedMagic): RunRequest {
  if (magic.name !== runMagic.name) throw new MagicError(`%${magic.name} is not a run`);
  const { seed, tag, name, ...flags } = magic.flags;
  return {
    name: magic.positional[0] ?? (name === undefined ? null : String(name)),
    seed: typeof seed === "number" ? seed : null,
    tags: tag === undefined ? [] : (Array.isArray(tag) ? tag : [tag]).map(String),
    flags,
  };
}
