#!/usr/bin/env node
/** Starts the command line from the build; the only file of the core that is run as it is written. */
import { existsSync } from "node:fs";

const built = new URL("../dist/bundle/cli.js", import.meta.url);
if (existsSync(built)) {
  const { main } = await import(built.href);
  // Not process.exit: what is still to be printed into a pipe would be cut off.
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write("runlab: the program is not built yet; in the clone, run: npm install && npm run build\n");
  process.exitCode = 2;
}
