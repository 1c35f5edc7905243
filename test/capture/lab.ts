/** A project folder with a store, for tests that record runs. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openStore, startCapture, type Capture, type CaptureOptions } from "runlab/runs";
import type { RunDocument } from "runlab/format";

const made: string[] = [];
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export interface Lab {
  folder: string;
  root: string;
  start(options?: Partial<CaptureOptions>): Promise<Capture>;
  read(id: string): Promise<RunDocument>;
  file(run: Capture, path: string): string;
}

/** The store lies beside the folder of the notebooks, as in a clone. */
export function lab(): Lab {
  const project = mkdtempSync(join(tmpdir(), "runlab-capture-"));
  made.push(project);
  const folder = join(project, "notebooks");
  mkdirSync(folder);
  const root = join(project, "models");
  return {
    folder,
    root,
    start: (options = {}) =>
      startCapture({ storeRoot: root, folder, name: "forest", flags: {}, seed: 42, code: "%%run forest --seed 42\n1 + 1\n", command: "%%run forest --seed 42", notebook: null, kernel: null, ...options }),
    read: (id) => openStore(root).read(id),
    file: (run, path) => readFileSync(join(run.runFolder, path), "utf8"),
  };
}

/** Every file of a run folder, sorted. */
export function filesOf(folder: string): string[] {
  return (readdirSync(folder, { recursive: true, withFileTypes: true }) as { isFile(): boolean; parentPath: string; name: string }[])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
