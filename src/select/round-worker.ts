/**
 * A worker that plays rounds. It gets data only: a table as Arrow bytes, row numbers, and recipes of models and metrics.
 */
import { parentPort } from "node:worker_threads";
import { tableFromIPC } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { limitThreads } from "../kernels/index.js";
import { renewDictionaries } from "../table/renew-dictionaries.js";
import { type Judge, type MetricRecipe, judgeFrom } from "./judges.js";
import { type Recipe, modelFrom } from "./recipe.js";
import { type Ground, type RoundResult, playRound } from "./round.js";

/** What the rounds to come have in common. */
export interface GroundMessage extends Omit<Ground, "table"> {
  readonly type: "ground";
  readonly bytes: Uint8Array;
  readonly judges: readonly MetricRecipe[];
}

/** A round to play. */
export interface RoundMessage {
  readonly type: "round";
  readonly id: number;
  readonly recipe: Recipe;
  readonly fold: number;
  readonly also: string;
}

export type RoundAnswer = { readonly id: number } & ({ readonly result: RoundResult } | { readonly error: { name: string; message: string; stack: string; ours: boolean } });

let ground: Ground | null = null;
let judges: Judge[] = [];

// One of several workers: the cores are shared out already.
limitThreads(1);

parentPort?.on("message", (message: GroundMessage | RoundMessage) => {
  if (message.type === "ground") {
    const { bytes, judges: recipes, type: _, ...rest } = message;
    ground = { ...rest, table: renewDictionaries(tableFromIPC(bytes)) };
    judges = recipes.map(judgeFrom);
    return;
  }
  parentPort!.postMessage(answer(message));
});

function answer({ id, recipe, fold, also }: RoundMessage): RoundAnswer {
  try {
    const { fitted, ...result } = playRound(ground!, modelFrom(recipe), judges, fold, also);
    return { id, result: { ...result, model: ground!.keepModels ? JSON.parse(JSON.stringify(fitted)) as unknown : null } };
  } catch (error) {
    const { name, message, stack = "" } = error as Error;
    return { id, error: { name, message, stack, ours: error instanceof RunlabError } };
  }
}
