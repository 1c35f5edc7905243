/** Every engine there is. `RUNLAB_ENGINE` chooses one by name; the first is the default. */
import type { EngineDefinition } from "./engine.js";
import { fastEngine } from "./fast/index.js";
import { tslabEngine } from "./tslab/index.js";

export const ENGINES: readonly EngineDefinition[] = [fastEngine, tslabEngine];
