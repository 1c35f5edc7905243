// Both sides of a comparison in one process's time: in turn, round after round, the order of the sides rotating.

/**
 * Measures `sides` in turn and prints, for each thing measured, least and median of every side and the ratio to ours.
 *
 * A side is a function of the round that returns numbers by name: seconds (`fit`, `predict`, …), or, under the names
 * given in `scores`, what is not time. Ours is called `runlab`. The first `warmUp` rounds are not counted.
 *
 * Returns rows for the Markdown table of bench/RESULTS.md.
 */
export async function compare({ print, job, sides, rounds = 5, warmUp = 1, scores = ["score"], aims = {} }) {
  const names = Object.keys(sides);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < warmUp + rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length];
      const measured = await sides[name](round);
      if (round >= warmUp) results[name].push(measured);
    }
  }
  print(`\n${job} (${rounds} round${rounds === 1 ? "" : "s"})`);
  const rows = [];
  for (const measure of Object.keys(results.runlab[0]).filter((key) => !scores.includes(key))) {
    const ours = summary(results.runlab.map((each) => each[measure]));
    print(`  ${measure.padEnd(10)} ${"runlab".padEnd(22)} min ${seconds(ours.min)}   median ${seconds(ours.median)}`);
    for (const name of names.filter((each) => each !== "runlab" && results[each][0][measure] !== undefined)) {
      const theirs = summary(results[name].map((each) => each[measure]));
      const ratio = { min: theirs.min / ours.min, median: theirs.median / ours.median };
      const aim = typeof aims[measure] === "object" ? aims[measure][name] : aims[measure];
      print(`  ${"".padEnd(10)} ${name.padEnd(22)} min ${seconds(theirs.min)}   median ${seconds(theirs.median)}   ${ratio.min.toFixed(2)} x (min)   ${ratio.median.toFixed(2)} x (median)${aim ? `   aim ${aim}` : ""}`);
      rows.push({ job, measure, peer: name, ours, theirs, ratio, aim });
    }
  }
  for (const score of scores) {
    if (results.runlab[0][score] === undefined) continue;
    const means = names.filter((name) => results[name][0][score] !== undefined).map((name) => [name, mean(results[name].map((each) => each[score]))]);
    print(`  ${score.padEnd(10)} ${means.map(([name, value]) => `${name} ${value.toPrecision(5)}`).join("   ")}`);
    for (const row of rows) row.scores = { ...row.scores, [score]: { runlab: means[0][1], [row.peer]: Object.fromEntries(means)[row.peer] } };
  }
  return rows;
}

/** Seconds that `work` takes. */
export async function timed(work) {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Rows of `compare` as a Markdown table. */
export function markdown(rows) {
  const lines = ["| job | measured | runlab, min / median | peer | min / median | peer / runlab, min | median | aim | score, runlab / peer |", "|---|---|---|---|---|---|---|---|---|"];
  for (const { job, measure, peer, ours, theirs, ratio, aim, scores } of rows) {
    const score = scores === undefined ? "" : Object.entries(scores).map(([name, value]) => `${name} ${number(value.runlab)} / ${number(value[peer])}`).join(", ");
    lines.push(`| ${job} | ${measure} | ${seconds(ours.min)} / ${seconds(ours.median)} | ${peer} | ${seconds(theirs.min)} / ${seconds(theirs.median)} | **${ratio.min.toFixed(2)}** | ${ratio.median.toFixed(2)} | ${aim ?? ""} | ${score} |`);
  }
  return `${lines.join("\n")}\n`;
}

const number = (value) => (value === undefined ? "–" : value.toPrecision(5));
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return { min: sorted[0], median: sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2 };
}

function seconds(value) {
  if (value >= 100) return `${value.toFixed(0)} s`;
  if (value >= 1) return `${value.toFixed(2)} s`;
  if (value >= 0.001) return `${(value * 1000).toFixed(value >= 0.1 ? 0 : 1)} ms`;
  return `${(value * 1e6).toFixed(0)} µs`;
}
