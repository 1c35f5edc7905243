/** Help of a magic, made from its row. */
import { tableBundle } from "./bundles.js";
import type { Magic, MimeBundle } from "./magic.js";
import { signed, type MagicShape } from "./names.js";

export function usageLine(magic: MagicShape): string {
  return `${signed(magic)} ${magic.usage}`.trim();
}

export function helpText(magic: MagicShape): string {
  const flags = magic.flags.map((flag) => `  --${flag.name}${flag.value === "none" ? "" : ` ${flag.value === "number" ? "N" : "TEXT"}`}   ${flag.summary}`);
  return [usageLine(magic), magic.summary, ...flags].join("\n");
}

export function helpBundle(magic: MagicShape): MimeBundle {
  return { "text/plain": helpText(magic) };
}

export function listBundle(magics: readonly Magic[]): MimeBundle {
  return tableBundle(["magic", "what it does"], magics.map((magic) => [usageLine(magic), magic.summary]), "", "%name? shows how one is used.");
}
