/** Help while typing: completion, inspection and "is this cell complete", in cells with magic lines too. */
import type { Completeness, Completion, Inspection } from "../engines/engine.js";
import type { KernelLanguage } from "./language.js";

/** Beyond this the help comes too late to be of use, and the frontend gets an empty answer instead of none. */
const PATIENCE_MS = 10_000;

export class Hints {
  constructor(private readonly language: KernelLanguage, private readonly folder: string) {}

  async complete(code: string, offset: number): Promise<Completion> {
    const nothing: Completion = { matches: [], start: offset, end: offset };
    if (!code.includes("%")) return within(this.language.complete(code, offset), nothing);
    const { completeCell } = await import("../magics/complete.js");
    return within(completeCell(code, offset, { folder: this.folder }, (source, at) => this.language.complete(source, at)), nothing);
  }

  async inspect(code: string, offset: number): Promise<Inspection | null> {
    if (!code.includes("%")) return within(this.language.inspect(code, offset), null);
    const { inspectCell } = await import("../magics/complete.js");
    return within(inspectCell(code, offset, (source, at) => this.language.inspect(source, at)), null);
  }

  /** A magic line is always complete; below it stands TypeScript. */
  async isComplete(code: string): Promise<Completeness> {
    const otherwise: Completeness = { status: "unknown", indent: "" };
    if (!code.includes("%")) return within(this.language.isComplete(code), otherwise);
    const { parseCell } = await import("../magics/parse.js");
    try {
      const { magic, source } = parseCell(code);
      if (magic?.kind === "line") return { status: "complete", indent: "" };
      return within(this.language.isComplete(source), otherwise);
    } catch {
      return { status: "invalid", indent: "" };
    }
  }
}

async function within<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => (timer = setTimeout(() => resolve(otherwise), PATIENCE_MS)));
  try {
    return await Promise.race([answer.catch(() => otherwise), late]);
  } finally {
    clearTimeout(timer);
  }
}
