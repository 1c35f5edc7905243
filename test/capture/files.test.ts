import { createHash } from "node:crypto";
import fs, { createReadStream, createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { announce } from "runlab/observe";
import { lab } from "./lab.js";

const sha = (content: string): string => createHash("sha256").update(content).digest("hex");
const require = createRequire(import.meta.url);

describe("files", () => {
  test("every way of reading is noticed, with the hash of the content", async () => {
    const { start, folder, read } = lab();
    const ways: Record<string, (path: string) => unknown> = {
      "sync.txt": (path) => readFileSync(path),
      "default.txt": (path) => fs.readFileSync(path, "utf8"),
      "promise.txt": (path) => readFile(path),
      "member.txt": (path) => fs.promises.readFile(path, "utf8"),
      "callback.txt": (path) => promisify(fs.readFile)(path),
      "url.txt": (path) => readFileSync(pathToFileURL(path)),
      "buffer.txt": (path) => readFileSync(Buffer.from(path)),
      "stream.txt": (path) => text(createReadStream(path)),
      "handle.txt": async (path) => {
        const file = await open(path);
        await file.readFile();
        await file.close();
      },
      "descriptor.txt": (path) => fs.closeSync(fs.openSync(path, "r")),
      "module.json": (path) => require(path) as unknown,
    };
    for (const name of Object.keys(ways)) writeFileSync(join(folder, name), JSON.stringify(name));
    const capture = await start();
    for (const [name, way] of Object.entries(ways)) await way(join(folder, name));
    const meta = await capture.finish({ status: "finished" });
    expect(meta.written).toEqual([]);
    expect((await read(capture.id)).inputs).toEqual(
      Object.keys(ways).sort().map((path) => ({ path, sha256: sha(JSON.stringify(path)), bytes: path.length + 2, rows: null, columns: null, role: "file" })),
    );
  });

  test("every way of writing is noticed; what the run wrote itself is no input", async () => {
    const { start, folder, read } = lab();
    writeFileSync(join(folder, "source.txt"), "s");
    const capture = await start();
    writeFileSync(join(folder, "a.txt"), "a");
    readFileSync(join(folder, "a.txt"));
    await writeFile(join(folder, "b.txt"), "b");
    fs.appendFileSync(join(folder, "c.txt"), "c");
    fs.copyFileSync(join(folder, "source.txt"), join(folder, "d.txt"));
    writeFileSync(join(folder, "gone.txt"), "x");
    fs.renameSync(join(folder, "gone.txt"), join(folder, "e.txt"));
    await new Promise<void>((done) => createWriteStream(join(folder, "f.txt")).end("f", () => done()));
    fs.closeSync(fs.openSync(join(folder, "g.txt"), "w"));
    const meta = await capture.finish({ status: "finished" });
    expect(meta.written.map(({ path, sha256 }) => [path, sha256])).toEqual([
      ["a.txt", sha("a")], ["b.txt", sha("b")], ["c.txt", sha("c")], ["d.txt", sha("s")], ["e.txt", sha("x")], ["f.txt", sha("f")], ["g.txt", sha("")],
    ]);
    expect((await read(capture.id)).inputs.map((input) => input.path)).toEqual(["source.txt"]);
  });

  test("a file that is read and then overwritten is recorded as it was read", async () => {
    const { start, folder, read } = lab();
    writeFileSync(join(folder, "state.json"), "old");
    const capture = await start();
    readFileSync(join(folder, "state.json"));
    writeFileSync(join(folder, "state.json"), "new");
    const meta = await capture.finish({ status: "finished" });
    expect((await read(capture.id)).inputs).toMatchObject([{ path: "state.json", sha256: sha("old"), bytes: 3 }]);
    expect(meta.written).toMatchObject([{ path: "state.json", sha256: sha("new") }]);
  });

  test("a table counts once, as a table, and files that are not there or not the user's do not count", async () => {
    const { start, folder, root, read } = lab();
    const path = join(folder, "t.csv");
    writeFileSync(path, "a\n1\n");
    const capture = await start();
    readFileSync(path);
    announce({ type: "read", path, sha256: sha("a\n1\n"), bytes: 4, rows: 1, columns: 1, role: "sample", schema: [{ name: "a", type: "Int32", nullable: false }] });
    for (const missing of ["nothing.txt", "\0"]) expect(() => readFileSync(join(folder, missing))).toThrow();
    readFileSync("/proc/self/status");
    readFileSync(join(capture.runFolder, "live.json"));
    readFileSync(require.resolve("vitest/package.json"));
    expect(() => readFileSync(folder)).toThrow();
    await capture.finish({ status: "finished" });
    expect((await read(capture.id)).inputs).toEqual([{ path: "t.csv", sha256: sha("a\n1\n"), bytes: 4, rows: 1, columns: 1, role: "sample", schema: [{ name: "a", type: "Int32", nullable: false }] }]);
    expect(root).toBeTruthy();
  });

  test("between runs nothing is noticed, and the functions keep their shape", async () => {
    const { start, folder, read } = lab();
    writeFileSync(join(folder, "x.txt"), "x");
    const first = await start();
    await first.finish({ status: "finished" });
    readFileSync(join(folder, "x.txt"));
    const second = await start();
    await second.finish({ status: "finished" });
    for (const run of [first, second]) expect((await read(run.id)).inputs).toEqual([]);
    expect(fs.readFileSync.name).toBe("readFileSync");
    expect(fs.open.length).toBe(4);
    expect(() => fs.readFileSync(join(folder, "missing"))).toThrow(/ENOENT/);
  });

  test("paths outside of the project are whole, inside they are relative to the notebook", async () => {
    const { start, folder, read } = lab();
    const outside = lab();
    writeFileSync(join(folder, "..", "above.txt"), "1");
    writeFileSync(join(outside.folder, "far.txt"), "1");
    const capture = await start();
    readFileSync(join(folder, "..", "above.txt"));
    readFileSync(join(outside.folder, "far.txt"));
    await capture.finish({ status: "finished" });
    expect((await read(capture.id)).inputs.map((input) => input.path)).toEqual(["../above.txt", join(outside.folder, "far.txt")]);
  });
});
