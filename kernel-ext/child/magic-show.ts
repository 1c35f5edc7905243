/** Line magics read the store and show what they found; they run no code of the user. */
import type { Magic, MagicContext, ParsedMagic } from "../magics/magic.js";
import type { MimeBundle } from "../protocol/messages.js";

/** The table of magics and the store are loaded when the first magic asks for them. */
export function magicShow(folder: string): (magic: ParsedMagic) => Promise<MimeBundle> {
  return async (magic) => {
    const [{ showMagic }, { findStore }] = await Promise.all([import("../magics/table.js"), import("runlab/runs")]);
    const context: MagicContext = { folder, store: findStore(folder) };
    return showMagic(magic, context);
  };
}
