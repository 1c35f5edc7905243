import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { findStore, resolveReference } from "runlab/runs";
import type { IndexRecord } from "runlab/format";

const IDS = ["2026-11-21T10-15-32Z__forest__seed42__k3f9", "2026-11-21T10-15-31Z__forest__seed43__k3fa", "2026-11-20T09-00-00Z__ridge__seed42__0abc"];
const records = IDS.map((id) => ({ id }) as IndexRecord);

test.each([
  [IDS[1], IDS[1]],
  ["k3f9", IDS[0]],
  ["forest__k3fa", IDS[1]],
  ["ridge", IDS[2]],
  ["2026-11-20", IDS[2]],
  ["seed43", IDS[1]],
  ["last", IDS[0]],
  ["last~1", IDS[1]],
  [" last~2 ", IDS[2]],
])("%j names one run", (reference, id) => expect(resolveReference(reference, records)).toBe(id));

test.each([
  ["forest", /^2 runs fit "forest"; allowed: one of forest__k3f9, forest__k3fa$/],
  ["nothing", /^there is no such run; received "nothing"; allowed: such as forest__k3f9, forest__k3fa, ridge__0abc$/],
  ["last~3", /^last~3 goes back further than there are runs; allowed: last to last~2$/],
  ["", /^a run is named by its id or a part of it/],
  ["a\u001b[31m", /received "a\\\\x1b\[31m"/],
])("%j is refused with the choices", (reference, message) => expect(() => resolveReference(reference, records)).toThrow(message));

test("an empty store says so", () => expect(() => resolveReference("last", [])).toThrow(/the store has no runs yet/));

const folder = mkdtempSync(join(tmpdir(), "runlab-find-"));
afterEach(() => {
  delete process.env.RUNLAB_STORE;
  rmSync(folder, { recursive: true, force: true });
});

test("the store is the nearest one above, a new one beside the work, or the one that is named", () => {
  const week = join(folder, "course", "week-01");
  mkdirSync(week, { recursive: true });
  expect(findStore(week)).toBe(join(week, "models"));
  mkdirSync(join(folder, "course", "models", "runs"), { recursive: true });
  expect(findStore(week)).toBe(join(folder, "course", "models"));
  process.env.RUNLAB_STORE = "../elsewhere";
  expect(findStore(week)).toBe(join(folder, "course", "elsewhere"));
});
