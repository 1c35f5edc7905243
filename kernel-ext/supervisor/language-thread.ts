/** The thread in which an engine's language lives, so that it answers while a cell keeps the child busy. */
import { parentPort, workerData } from "node:worker_threads";
import { ENGINES } from "../engines/table.js";
import type { LanguageCall, LanguageAnswer } from "./language.js";

const { engine, folder } = workerData as { engine: string | undefined; folder: string };
const definition = ENGINES.find((each) => each.name === engine) ?? ENGINES[0];
const language = definition.createLanguage({ folder });

/** One call after the other: a check must see every commit asked for before it. */
let queue: Promise<unknown> = language;

parentPort?.on("message", (call: LanguageCall) => {
  queue = queue.then(async () => {
    let answer: LanguageAnswer;
    try {
      const method = (await language)[call.method] as (...args: unknown[]) => Promise<unknown>;
      answer = { id: call.id, value: await method.apply(await language, call.args) };
    } catch (error) {
      answer = { id: call.id, error: String(error) };
    }
    parentPort?.postMessage(answer);
  });
});
