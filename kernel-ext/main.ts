/** `node dist/main.js --connection-file FILE`: the kernel, as Jupyter starts it. The notebook's folder is the working folder. */
import { parseArgs } from "node:util";
import { Kernel } from "./supervisor/kernel.js";

const { values } = parseArgs({ options: { "connection-file": { type: "string", short: "f" } }, strict: false });
const file = values["connection-file"];
if (typeof file !== "string") {
  console.error("usage: node main.js --connection-file FILE   (Jupyter gives the file; `jupyter lab` starts the kernel)");
  process.exit(2);
}

try {
  const kernel = new Kernel(file, process.cwd());
  // Started by hand in a terminal, Ctrl-C is the stop button of the cell.
  process.on("SIGINT", () => kernel.interrupt());
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => void kernel.shutdown());
  followParent(kernel);
  await kernel.start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** Jupyter's server names itself in `JPY_PARENT_PID`; when it is gone, nobody will ever ask this kernel to stop. */
function followParent(kernel: Kernel): void {
  const parent = process.ppid;
  if (process.env.JPY_PARENT_PID === undefined || parent === 1) return;
  setInterval(() => {
    if (process.ppid !== parent) void kernel.shutdown();
  }, 1000).unref();
}
