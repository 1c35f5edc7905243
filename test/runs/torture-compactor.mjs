/** Compacts the index of a store over and over, until it is killed. */
import { join } from "node:path";
import { compact } from "../../src/dist/runs/store/compaction.js";

const [root] = process.argv.slice(2);
console.log("ready");
for (;;) {
  try {
    compact(join(root, "runs"), { force: true });
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
