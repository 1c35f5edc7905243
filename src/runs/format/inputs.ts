/**
 * What counts as "the same" for each of the five inputs: the values that capture hashes and that a diff compares, in one
 * place so that a hash and a diff never disagree.
 */
import type { ConfigValue, InputRecord, RunConfig, RunEnvironment } from "./types.js";

/**
 * The cell without its magic line, whose flags are the config and whose seed is the seed. Line ends and space at the
 * ends of lines do not count.
 */
export function codeInput(cell: string): { cell: string } {
  const lines = withoutMagic(cell).split("\n").map((line) => line.trimEnd());
  return { cell: lines.join("\n").trim() };
}

/** The cell with its magic line blank: the other lines keep their numbers. */
export function withoutMagic(cell: string): string {
  const text = cell.replaceAll("\r\n", "\n");
  // Blank lines may stand above the magic line.
  let start = 0;
  while (text[start] === "\n" || text[start] === " " || text[start] === "\t") start += 1;
  if (!text.startsWith("%%", start)) return text;
  const end = text.indexOf("\n", start);
  return text.slice(0, start) + (end < 0 ? "" : text.slice(end));
}

/** What was read, by content: the same bytes under another name are the same data. */
export function dataInput(inputs: InputRecord[]): { sha256: string; rows: number | null; columns: number | null; role: string }[] {
  const contents = inputs.map(({ sha256, rows, columns, role }) => ({ sha256, rows, columns, role }));
  const key = (input: (typeof contents)[number]): string => `${input.sha256} ${input.role} ${input.rows}`;
  return contents.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** Flags and steps without the run's seed, which is an input of its own, and without who chose a value. */
export function configInput(config: RunConfig, seed: number): { flags: Record<string, ConfigValue>; steps: { step: string; params: Record<string, ConfigValue> }[] } {
  return {
    flags: without(config.flags, "seed", () => true),
    steps: config.steps.map(({ step, params }) => ({ step, params: without(params, "seed", (value) => value === seed) })),
  };
}

/** What can change the bits of a result. The processor's name, the number of cores and the kernel do not. */
export function environmentInput(environment: RunEnvironment): Record<string, unknown> {
  const { node, v8, icu, platform, arch, math_fingerprint, packages, variables } = environment;
  return { node, v8, icu, platform, arch, math_fingerprint, packages, variables };
}

function without(values: Record<string, ConfigValue>, name: string, when: (value: ConfigValue) => boolean): Record<string, ConfigValue> {
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => key !== name || !when(value)));
}
