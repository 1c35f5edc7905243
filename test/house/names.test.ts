import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "./source-files.js";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" }).split("\n").filter(Boolean);

describe("names", () => {
  test("source files are kebab-case", () => {
    const wrong = files.filter((file) => /^(src|kernel-ext|lab-ext|bench|setup)\/.*\.(ts|tsx|mjs)$/.test(file)).filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*$/.test(path.basename(file)));
    expect(wrong).toEqual([]);
  });

  test("no file is named for being handy rather than for its concept", () => {
    expect(files.filter((file) => /(^|[/_.-])(utils?|helpers?|managers?|common|misc)([/_.-]|$)/i.test(file))).toEqual([]);
  });

  test("nothing that is built or downloaded is committed", () => {
    const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n");
    expect(tracked.filter((file) => /(^|\/)(node_modules|dist|labextension|\.venv|\.cache)\//.test(file))).toEqual([]);
  });
});
