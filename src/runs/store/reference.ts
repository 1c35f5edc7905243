/** Finding the run that a person means by a few letters. */
import { RunlabError } from "../../errors.js";
import { shortId } from "../format/id.js";
import { plainText } from "../format/text.js";
import type { IndexRecord } from "../format/types.js";

const SHOWN = 5;

/**
 * The id that `reference` stands for, among `records` sorted newest first: an id, the beginning of one, the tag at its
 * end, `name__tag`, any other part of it; `last`, `last~1` (the one before), `last~2` and so on. The most exact way that
 * fits decides; when it fits several runs, they are named in the error.
 *
 * @throws RunlabError when no run or more than one fits.
 */
export function resolveReference(reference: string, records: readonly IndexRecord[]): string {
  const text = reference.trim();
  if (text === "") throw new RunlabError("a run is named by its id or a part of it", { received: reference, allowed: "an id, its beginning, the letters at its end, last, last~1" });
  const back = stepsBack(text);
  if (back !== null) return fromTheEnd(back, text, records);
  const ways: ((id: string) => boolean)[] = [
    (id) => id === text,
    (id) => id.endsWith(`__${text}`) || shortId(id) === text,
    (id) => id.startsWith(text),
    (id) => id.includes(text),
  ];
  for (const fits of ways) {
    const found = records.filter((record) => fits(record.id));
    if (found.length === 1) return found[0].id;
    if (found.length > 1) throw new RunlabError(`${found.length} runs fit ${JSON.stringify(plainText(text))}`, { allowed: `one of ${names(found)}` });
  }
  throw new RunlabError("there is no such run", { received: plainText(text), allowed: records.length === 0 ? "none: the store has no runs yet" : `such as ${names(records)}` });
}

function stepsBack(text: string): number | null {
  if (text === "last") return 0;
  const match = /^last~(\d{1,9})$/.exec(text);
  return match === null ? null : Number(match[1]);
}

function fromTheEnd(back: number, text: string, records: readonly IndexRecord[]): string {
  // A folder that cannot be read is no run to go back to.
  const readable = records.filter((record) => record.problem === undefined);
  if (back >= readable.length) {
    throw new RunlabError(`${text} goes back further than there are runs`, { allowed: readable.length === 0 ? "none: the store has no runs yet" : `last to last~${readable.length - 1}` });
  }
  return readable[back].id;
}

function names(records: readonly IndexRecord[]): string {
  const shown = records.slice(0, SHOWN).map((record) => plainText(shortId(record.id)));
  return shown.join(", ") + (records.length > SHOWN ? " …" : "");
}
