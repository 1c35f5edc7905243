import type { EngineDefinition } from "../engine.js";

/** V8 at full speed; real ES modules; TypeScript's own checker in a thread beside it. */
export const fastEngine: EngineDefinition = {
  name: "fast",
  summary: "V8's REPL mode at full speed, real ES modules, exact positions",
  language: "apart",
  // Each side is loaded where it lives: TypeScript never in the child, the inspector never in the supervisor.
  async createLanguage(options) {
    const { FastLanguage } = await import("./language.js");
    return new FastLanguage(options);
  },
  async createExecutor(options) {
    const { FastExecutor } = await import("./executor.js");
    return new FastExecutor(options);
  },
};
