/** `%show`: one run, from its folder. */
import { formatDuration, formatNumber, formatValue, type RunDocument } from "runlab/format";
import { openStore } from "runlab/runs";
import { tableBundle } from "./bundles.js";
import type { Magic } from "./magic.js";
import { SHAPES } from "./names.js";
import { runReferences } from "./run-references.js";
import { oneArgument } from "./runs.js";

export const showMagicRow: Magic = {
  ...SHAPES.show,
  async show(magic, { store: root }) {
    const store = openStore(root);
    try {
      const id = await store.resolve(oneArgument(magic.positional, "%show ID"));
      return tableBundle(["", ""], rows(await store.read(id)), id);
    } finally {
      store.dispose();
    }
  },
  completePositional: runReferences,
};

function rows({ meta, metrics, inputs, config, problems }: RunDocument): string[][] {
  const found: string[][] = [
    ["name", meta.name],
    ["status", meta.error === null ? meta.status : `${meta.status}: ${meta.error.name}: ${meta.error.message}`],
    ["command", meta.command],
    ["seed", `${meta.seed}${meta.seed_drawn ? " (drawn)" : ""}`],
    ["started", `${meta.started_at.replace("T", " ").slice(0, 19)} UTC`],
  ];
  if (meta.duration_ms !== null) found.push(["took", formatDuration(meta.duration_ms)]);
  if (meta.notebook !== null) found.push(["notebook", meta.notebook.path]);
  if (meta.parent !== null) found.push(["inside", meta.parent]);
  if (meta.tags.length > 0) found.push(["tags", meta.tags.join(", ")]);
  for (const [flag, value] of Object.entries(meta.flags)) found.push([`flag ${flag}`, formatValue(value)]);
  for (const step of config.steps) found.push([step.step, Object.entries(step.params).map(([key, value]) => `${key}=${formatValue(value)}`).join(" ")]);
  for (const input of inputs) found.push(["read", `${input.path}${input.rows === null ? "" : ` (${input.rows} rows)`}`]);
  for (const metric of metrics) found.push([`metric ${metric.name}`, formatNumber(metric.value)]);
  for (const model of meta.models) found.push(["model", `${model.estimator} on ${model.rows} rows, ${model.features} features`]);
  for (const problem of problems) found.push(["problem", problem]);
  return found;
}
