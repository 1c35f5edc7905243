/** `runlab reindex`: makes the index anew from the folders. */
import { elapsed } from "../clock.js";
import { formatDuration, plainText } from "../runs/format/text.js";
import { chooseStore } from "./choose-store.js";
import { JSON_OPTION, STORE_OPTION, type CliCommand } from "./command.js";

export const reindex: CliCommand = {
  usage: "reindex",
  summary: "make the index of the runs anew from their folders",
  examples: [{ line: "runlab reindex", does: "after copying runs by hand; the list heals by itself as well, only later" }],
  options: [JSON_OPTION, STORE_OPTION],
  async run(_words, options, terminal) {
    const store = chooseStore(options.store);
    const start = elapsed();
    const { runs, problems } = await store.reindex();
    store.dispose();
    if (options.json === true) return terminal.print(JSON.stringify({ store: store.root, runs, problems }, null, 2));
    terminal.print(`${runs} ${runs === 1 ? "run" : "runs"} indexed in ${formatDuration(elapsed() - start)}: ${plainText(store.root)}`);
    for (const { id, problem } of problems) terminal.print(plainText(`${id}: ${problem}`));
  },
};
