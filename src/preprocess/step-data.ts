/**
 * A step that has not been fitted, as data: what travels to another thread.
 */
import { ColumnTransformer } from "./column-transformer.js";
import type { ColumnBranch } from "./column-transformer.js";
import { TRANSFORMERS } from "./table.js";
import type { Transformer } from "./transformer.js";

/** The name of a step in the table of transformers, and its options; steps within it are data too. */
export interface StepData {
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * The name and options of a step; null for a class that is not in the table. Options may hold functions, such as a
 * selector of columns: those are no data, and stay in the thread.
 *
 * @example
 * stepAsData(scale({ withStd: false })); // { type: "scale", options: { withStd: false } }
 */
export function stepAsData(step: Transformer): StepData | null {
  const row = TRANSFORMERS.find((each) => each.name === step.type);
  if (row === undefined || row.create({}).constructor !== step.constructor) return null;
  if (!(step instanceof ColumnTransformer)) return { type: step.type, options: { ...step.options } };
  const branches = [];
  for (const { columns, steps } of step.options.branches) {
    const within = (Array.isArray(steps) ? steps : [steps]).map(stepAsData);
    if (within.includes(null)) return null;
    branches.push({ columns, steps: within });
  }
  return { type: step.type, options: { ...step.options, branches } };
}

/** The step that `stepAsData` told of. */
export function stepFromData({ type, options }: StepData): Transformer {
  const row = TRANSFORMERS.find((each) => each.name === type)!;
  if (type !== "columnTransformer") return row.create(options);
  const branches = (options.branches as (ColumnBranch & { steps: readonly unknown[] })[]).map(({ columns, steps }) => ({ columns, steps: (steps as unknown as StepData[]).map(stepFromData) }));
  return row.create({ ...options, branches });
}
