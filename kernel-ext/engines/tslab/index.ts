import type { EngineDefinition } from "../engine.js";

/** tslab's own converter and executor, unmodified from npm. */
export const tslabEngine: EngineDefinition = {
  name: "tslab",
  summary: "tslab 1.0.22's own converter and executor, for notebooks that depend on its ways",
  language: "with-executor",
  async createLanguage(options) {
    const { TslabLanguage } = await import("./language.js");
    return new TslabLanguage(options);
  },
  async createExecutor(options, language) {
    const { TslabExecutor } = await import("./executor.js");
    return new TslabExecutor(options, language);
  },
};
