/** `runlab diff`: what differs between runs. */
import { RunlabError } from "../errors.js";
import { diffRuns, diffText, MOST_RUNS } from "../diff/index.js";
import { chooseStore } from "./choose-store.js";
import { JSON_OPTION, STORE_OPTION, type CliCommand } from "./command.js";

export const diff: CliCommand = {
  usage: "diff <a> <b> [more...]",
  summary: "show what differs between two runs or more",
  examples: [
    { line: "runlab diff last~1 last", does: "what changed since the run before" },
    { line: "runlab diff k3f9 p0x2 --json", does: "the same as data, for programs" },
  ],
  options: [JSON_OPTION, STORE_OPTION],
  async run(references, options, terminal) {
    if (references.length > MOST_RUNS) throw new RunlabError(`a diff takes at most ${MOST_RUNS} runs`, { received: references.length });
    const store = chooseStore(options.store);
    const ids: string[] = [];
    for (const reference of references) ids.push(await store.resolve(reference));
    const repeated = ids.find((id, at) => ids.indexOf(id) !== at);
    if (repeated !== undefined) throw new RunlabError("a diff needs different runs", { received: repeated });
    const documents = await Promise.all(ids.map((id) => store.read(id)));
    store.dispose();
    const result = diffRuns(documents);
    terminal.print(options.json === true ? JSON.stringify(result, null, 2) : diffText(result, { width: terminal.width, color: terminal.color }));
  },
};
