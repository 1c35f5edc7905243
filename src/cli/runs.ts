/** `runlab runs`: the list. */
import { now } from "../clock.js";
import { RunlabError } from "../errors.js";
import { matches, parseFilter } from "../runs/format/filter.js";
import { plainText } from "../runs/format/text.js";
import type { IndexRecord } from "../runs/format/types.js";
import { chooseStore } from "./choose-store.js";
import { JSON_OPTION, STORE_OPTION, type CliCommand } from "./command.js";
import { runTable } from "./run-table.js";
import { sortRuns } from "./sort-runs.js";
import { brushOf } from "./terminal.js";

const SHOWN = 30;

export const runs: CliCommand = {
  usage: "runs [filter...]",
  summary: "list the runs, newest first",
  examples: [
    { line: "runlab runs", does: "the newest runs" },
    { line: "runlab runs 'forest accuracy>0.9 status:finished'", does: "those that fit (quotes, because of the >)" },
    { line: "runlab runs --sort accuracy --limit 5", does: "the five best; loss:asc starts with the smallest" },
    { line: "runlab runs --json | jq -r .[0].id", does: "for programs" },
  ],
  options: [
    { flags: "--limit <n>", summary: `show at most n runs; 0 shows all; default: ${SHOWN}, and all with --json` },
    { flags: "--sort <key>", summary: "started, age, name, status, seed, duration, notebook, a metric or a flag; :asc or :desc after it" },
    JSON_OPTION,
    STORE_OPTION,
  ],
  dashedWords: true,
  async run(words, options, terminal) {
    const filter = parseFilter(words.join(" "));
    const limit = limitOf(options.limit, options.json === true ? 0 : SHOWN);
    const store = chooseStore(options.store);
    const time = now();
    const all = await store.list();
    store.dispose();
    let found = all.filter((record) => matches(filter, record, time));
    if (typeof options.sort === "string") found = sortRuns(found, options.sort);
    const shown = limit === 0 ? found : found.slice(0, limit);
    if (options.json === true) return terminal.print(JSON.stringify(shown.map(asJson), null, 2));
    if (all.length === 0) return terminal.print(`No runs yet in ${plainText(store.root)}`);
    if (found.length === 0) return terminal.print(`None of ${all.length} runs fits the filter`);
    for (const line of runTable(shown, terminal, time)) terminal.print(line);
    const brush = brushOf(terminal);
    for (const record of shown) if (record.problem !== undefined) terminal.print(brush.dim(plainText(`${record.id}: ${record.problem}`)));
    if (shown.length < found.length) terminal.print(brush.dim(`${shown.length} of ${found.length} runs; --limit 0 shows all`));
  },
};

function limitOf(given: string | boolean | undefined, absent: number): number {
  if (given === undefined) return absent;
  const limit = Number(given);
  if (typeof given !== "string" || given.trim() === "" || !Number.isSafeInteger(limit) || limit < 0) throw new RunlabError("--limit takes a whole number from 0", { received: given, allowed: "such as 20; 0 shows all" });
  return limit;
}

/** The stable form: names as in run_meta.json, times in UTC, nothing that only the index needs. */
function asJson(record: IndexRecord): Record<string, unknown> {
  const { id, name, status, started, duration_ms, seed, notebook, main_metric, metrics, flags, parent, tags, problem } = record;
  const row = { id, name, status, started_at: new Date(started).toISOString(), duration_ms, seed, notebook, main_metric, metrics, flags, parent, tags };
  return problem === undefined ? row : { ...row, problem };
}
