/** The thread of a `Language` that lives apart: `new Worker(this file, { workerData: { engine, options } })`. */
import { parentPort, workerData } from "node:worker_threads";
import type { EngineOptions } from "./engine.js";
import { serveLanguage } from "./rpc.js";
import { ENGINES } from "./table.js";

const { engine, options } = workerData as { engine: string; options: EngineOptions };
const port = parentPort!;
const definition = ENGINES.find((row) => row.name === engine);
if (definition === undefined) throw new Error(`there is no engine ${engine}`);
serveLanguage({ post: (message) => port.postMessage(message), onMessage: (listener) => void port.on("message", listener) }, definition.createLanguage(options));
