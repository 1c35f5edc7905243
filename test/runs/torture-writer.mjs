/** A writer of the torture test: makes runs until it is killed, and says on stdout what the store has acknowledged. */
import { writeSync } from "node:fs";
import { openStore } from "../../src/dist/runs/store/index.js";

const [root] = process.argv.slice(2);
const store = openStore(root);
// A pipe outlives the process, so what was said before a kill is heard.
const say = (...words) => writeSync(1, `${words.join(" ")}\n`);

say("ready");
for (let count = 0; ; count++) {
  const run = await store.start({ name: "torture", seed: count, flags: { pid: process.pid } }, { "code/cell.ts": `// run ${count}\n` });
  say("started", run.id);
  let step = 0;
  for (let batch = 0; batch < 4; batch++) {
    run.appendHistory(Array.from({ length: 5 }, () => ({ step, values: { loss: 1 / ++step, accuracy: 1 - 1 / step } })));
    say("points", run.id, run.flush());
    run.update({ metrics: { loss: 1 / step } });
    // Give other writers, and the killer, a chance in the middle of a run.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await run.write("tables/predictions.csv", `id,y\n${"1,0.5\n".repeat(100)}`);
  say("file", run.id);
  await run.finish({ metrics: { accuracy: 0.9 }, main_metric: "accuracy" });
  say("ended", run.id);
}
