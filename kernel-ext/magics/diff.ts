/** `%diff`: runs compared, as data for the sidebar's view with a table and a text for everybody else. */
import { diffHtml, diffRuns, diffText, MOST_RUNS } from "runlab/diff";
import { RUN_DIFF_MIME } from "runlab/format";
import { openStore } from "runlab/runs";
import { MagicError, type Magic } from "./magic.js";
import { SHAPES } from "./names.js";
import { runReferences } from "./run-references.js";

export const diffMagic: Magic = {
  ...SHAPES.diff,
  async show(magic, { store: root }) {
    const { positional } = magic;
    if (positional.length < 2) throw new MagicError(`%diff A B: two runs are needed; received ${positional.length}`);
    if (positional.length > MOST_RUNS) throw new MagicError(`%diff compares up to ${MOST_RUNS} runs; received ${positional.length}`);
    const store = openStore(root);
    try {
      const ids = await Promise.all(positional.map((reference) => store.resolve(reference)));
      const twice = ids.find((id, at) => ids.indexOf(id) !== at);
      if (twice !== undefined) throw new MagicError(`%diff compares different runs; received ${twice} twice`);
      const diff = diffRuns(await Promise.all(ids.map((id) => store.read(id))));
      return { [RUN_DIFF_MIME]: diff, "text/html": diffHtml(diff), "text/plain": diffText(diff, { width: 100, color: false }) };
    } finally {
      store.dispose();
    }
  },
  completePositional: runReferences,
};
