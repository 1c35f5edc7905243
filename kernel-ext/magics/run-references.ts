/** Completions for a place where a run is named: `last`, and the short ids of the newest runs. */
import type { MagicContext } from "./magic.js";

const MOST = 50;

export async function runReferences(prefix: string, context: Partial<MagicContext> & { folder: string }): Promise<string[]> {
  const [{ openStore, findStore }, { shortId }] = await Promise.all([import("runlab/runs"), import("runlab/format")]);
  const store = openStore(context.store ?? findStore(context.folder));
  try {
    const records = await store.list();
    const fixed = ["last", "last~1"].slice(0, records.length);
    const ids = records.slice(0, MOST).map((record) => (record.id.startsWith(prefix) && prefix !== "" ? record.id : shortId(record.id)));
    return [...new Set([...fixed, ...ids])].filter((id) => id.startsWith(prefix));
  } finally {
    store.dispose();
  }
}
