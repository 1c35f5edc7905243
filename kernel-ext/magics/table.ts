/** Every magic there is: help, completion and `%lsmagic` come from this table. */
import { diffMagic } from "./diff.js";
import { helpBundle, listBundle } from "./help.js";
import { MagicError, type Magic, type MagicContext, type MimeBundle, type ParsedMagic } from "./magic.js";
import { SHAPES } from "./names.js";
import { runMagic } from "./run.js";
import { runsMagic } from "./runs.js";
import { showMagicRow } from "./show.js";

const lsmagic: Magic = { ...SHAPES.lsmagic, show: async () => listBundle(MAGICS) };

export const MAGICS: readonly Magic[] = [runMagic, runsMagic, showMagicRow, diffMagic, lsmagic];

/**
 * The output of a line magic, or the help of any magic.
 *
 * @throws MagicError or RunlabError with one clear line
 */
export async function showMagic(parsed: ParsedMagic, context: MagicContext): Promise<MimeBundle> {
  const magic = MAGICS.find((row) => row.name === parsed.name);
  if (magic === undefined) throw new MagicError(`there is no magic %${parsed.name}; %lsmagic lists them`);
  if (parsed.help === true) return helpBundle(magic);
  if (magic.show === undefined) throw new MagicError(`%%${magic.name} takes a cell`);
  return magic.show(parsed, context);
}
