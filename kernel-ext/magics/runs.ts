/** `%runs`: the list. */
import { formatDuration, formatNumber, matches, parseFilter, shortId } from "runlab/format";
import { openStore } from "runlab/runs";
import { tableBundle } from "./bundles.js";
import { MagicError, type Magic } from "./magic.js";
import { SHAPES } from "./names.js";

const SHOWN = 20;

export const runsMagic: Magic = {
  ...SHAPES.runs,
  async show(magic, { store: root }) {
    const filter = parseFilter(magic.positional.join(" "));
    const limit = typeof magic.flags.limit === "number" ? magic.flags.limit : SHOWN;
    const store = openStore(root);
    try {
      const all = await store.list();
      const found = all.filter((record) => matches(filter, record));
      if (all.length === 0) return { "text/plain": `No runs yet in ${root}. A cell that starts with %%run makes one.` };
      if (found.length === 0) return { "text/plain": `None of ${all.length} runs fits the filter` };
      const shown = limit === 0 ? found : found.slice(0, limit);
      const rows = shown.map((record) => [
        shortId(record.id),
        record.name,
        record.problem === undefined ? record.status : `unreadable: ${record.problem}`,
        record.main_metric !== null && record.main_metric in record.metrics ? `${record.main_metric} ${formatNumber(record.metrics[record.main_metric])}` : "",
        String(record.seed),
        record.duration_ms === null ? "" : formatDuration(record.duration_ms),
        new Date(record.started).toISOString().replace("T", " ").slice(0, 19),
        record.notebook ?? "",
      ]);
      const more = shown.length < found.length ? `${shown.length} of ${found.length} runs; --limit 0 shows all` : "";
      return tableBundle(["id", "name", "status", "metric", "seed", "took", "started (UTC)", "notebook"], rows, "", more);
    } finally {
      store.dispose();
    }
  },
};

/** The one argument a magic needs, or an error that shows how it is used. */
export function oneArgument(positional: string[], usage: string): string {
  if (positional.length !== 1) throw new MagicError(`${usage}: one run is needed; received ${positional.length}`);
  return positional[0];
}
