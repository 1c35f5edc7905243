import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { fileURLToPath } from "node:url";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests import the TypeScript sources; the suites that start a process (kernel, command line) use the build. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^runlab\/(runs|diff|observe)$/, replacement: here("./src/$1/index.ts") },
      { find: /^runlab\/format$/, replacement: here("./src/runs/format/index.ts") },
      { find: /^runlab$/, replacement: here("./src/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // One core less is the default, which on two cores is half of them.
    maxWorkers: availableParallelism(),
  },
});
