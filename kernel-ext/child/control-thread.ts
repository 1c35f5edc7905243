/**
 * A thread of the child that listens to the supervisor while the main thread is busy. It ends what SIGINT cannot end
 * (a chain of promises that feeds itself), and ends the process when the supervisor is gone.
 */
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort } from "node:worker_threads";
import { PIPES } from "./messages.js";

const session = new Session();
session.connectToMainThread();

const pipe = new Socket({ fd: PIPES.control, readable: true, writable: false });
pipe.on("data", () => session.post("Runtime.terminateExecution"));
const orphaned = (): void => void process.kill(process.pid, "SIGKILL");
pipe.on("error", orphaned);
pipe.on("close", orphaned);
parentPort?.postMessage("listening");
