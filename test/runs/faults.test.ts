/** Every call to the file system in the life of a run fails once, in every way; and then every call from there on. */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openStore } from "runlab/runs";
import { RunlabError } from "../../src/errors.js";
import { disk } from "../../src/runs/store/disk.js";

const real = { ...disk };
/** Calls that change something on the disk; a failing read is another test's matter. */
const WRITING = ["open", "write", "truncate", "fsync", "fdatasync", "fsyncLater", "mkdir", "rename", "link", "unlink"] as const;
type Kind = "ENOSPC" | "EIO" | "EACCES" | "short";

/** Lets the k-th writing call fail (and all after it, when `lasting`); gives the number of calls so far. */
function fail(k: number, kind: Kind, lasting: boolean): () => number {
  let calls = 0;
  for (const name of WRITING) {
    const original = real[name] as (...args: unknown[]) => unknown;
    const faulty = (...args: unknown[]) => {
      calls += 1;
      if (calls !== k && !(lasting && calls > k)) return original(...args);
      if (kind === "short" && name === "write") return original(args[0], args[1], args[2], Math.floor((args[3] as number) / 2), args[4]);
      if (kind === "short" && !lasting) return original(...args);
      const code = kind === "short" ? "ENOSPC" : kind;
      const error = Object.assign(new Error(`${code}: injected, ${name}`), { code });
      if (name === "fsyncLater") return Promise.reject(error);
      throw error;
    };
    (disk as Record<string, unknown>)[name] = faulty;
  }
  return () => calls;
}

function heal(): void {
  Object.assign(disk, real);
}

afterEach(heal);

/** What a caller was told, and the mistake it got instead of an answer. */
async function life(root: string): Promise<{ id: string | null; points: number; file: boolean; ended: boolean; error: unknown }> {
  const told = { id: null as string | null, points: 0, file: false, ended: false, error: null as unknown };
  const store = openStore(root);
  try {
    const run = await store.start({ name: "faulty", seed: 1 }, { "code/cell.ts": "evaluate(model, test);\n" });
    told.id = run.id;
    run.appendHistory([{ step: 0, values: { loss: 1 } }, { step: 1, values: { loss: 0.5 } }]);
    try {
      told.points = run.flush();
    } catch (error) {
      expect(error).toBeInstanceOf(RunlabError);
    }
    run.appendHistory([{ step: 2, values: { loss: 0.25 } }]);
    await run.write("plots/loss.vl.json", "{}");
    told.file = true;
    run.update({ tags: ["seen"] });
    await run.finish({ metrics: { loss: 0.25 }, main_metric: "loss" });
    told.ended = true;
  } catch (error) {
    told.error = error;
  } finally {
    store.dispose();
  }
  return told;
}

async function countCalls(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "runlab-faults-"));
  const made = fail(Number.POSITIVE_INFINITY, "EIO", false);
  const told = await life(join(folder, "models"));
  heal();
  expect(told).toMatchObject({ points: 2, ended: true, error: null });
  rmSync(folder, { recursive: true, force: true });
  return made();
}

for (const kind of ["ENOSPC", "EIO", "EACCES", "short"] as const) {
  for (const lasting of [false, true]) {
    test(`${kind}${lasting ? " from call k on" : " at call k"}: one clear line, nothing half-visible, nothing acknowledged lost`, async () => {
      const calls = await countCalls();
      // The life of a run is dozens of calls; fewer would mean that the faults miss them.
      expect(calls).toBeGreaterThan(25);
      for (let k = 1; k <= calls; k++) {
        const folder = mkdtempSync(join(tmpdir(), "runlab-faults-"));
        const root = join(folder, "models");
        fail(k, kind, lasting);
        const told = await life(root);
        heal();
        if (told.error !== null) {
          expect(told.error, `call ${k}`).toBeInstanceOf(RunlabError);
          expect((told.error as Error).message).toMatch(/^could not [^\n]+ \(E[A-Z]+\): [^\n]+$/);
        }
        const store = openStore(root);
        const listed = await store.list();
        for (const record of listed) {
          expect(record.problem, `call ${k}`).toBeUndefined();
          const document = await store.read(record.id);
          expect(document.code["cell.ts"]).toBe("evaluate(model, test);\n");
          expect(document.history.length).toBeGreaterThanOrEqual(told.ended ? 3 : told.points);
          // A torn line is allowed at the end of a run that is still live, and nowhere else.
          if (document.meta.status !== "running") expect(document.problems).toEqual([]);
          for (const file of document.meta.files) expect(statSync(join(store.folderOf(record.id), file.path)).size).toBe(file.bytes);
          if (told.file) expect(readdirSync(join(store.folderOf(record.id), "plots"))).toContain("loss.vl.json");
        }
        // A caller that was told of no run finds none; unless the disk stays broken, when nothing can be taken back.
        if (told.id === null && !lasting) expect(listed).toEqual([]);
        if (told.id !== null) expect(listed.map((record) => record.id)).toEqual([told.id]);
        if (told.ended) expect(listed[0]).toMatchObject({ status: "finished", metrics: { loss: 0.25 } });
        store.dispose();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
}

test("finish can be called again when there is space again, and no point is lost", async () => {
  const folder = mkdtempSync(join(tmpdir(), "runlab-faults-"));
  const store = openStore(join(folder, "models"));
  const run = await store.start({ name: "full", seed: 1 });
  run.appendHistory([{ step: 0, values: { loss: 1 } }]);
  run.flush();
  fail(1, "short", true);
  run.appendHistory([{ step: 1, values: { loss: 0.5 } }]);
  expect(() => run.flush()).toThrow(/could not write the metric history of the run: there is no space left on the disk \(ENOSPC\)/);
  await expect(run.finish()).rejects.toThrow(/could not end the run/);
  heal();
  run.appendHistory([{ step: 2, values: { loss: 0.25 } }]);
  const meta = await run.finish();
  expect(meta.history_points).toBe(3);
  const document = await store.read(run.id);
  expect(document.problems).toEqual([]);
  expect(document.history.map((point) => point.values.loss)).toEqual([1, 0.5, 0.25]);
  store.dispose();
  rmSync(folder, { recursive: true, force: true });
});
