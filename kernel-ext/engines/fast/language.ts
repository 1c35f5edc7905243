import type { EngineOptions, Language } from "../engine.js";
export class FastLanguage { constructor(options: EngineOptions) {} }
