import { engineContract } from "./contract.js";

engineContract("tslab", {
  runtimeLines: "tslab runs compiled text without a source map",
  importOnlyPackages: "tslab's cells are CommonJS: import-only exports and top-level await cannot be required",
  exportsTypes: "tslab resolves modules by Node10's rules, which know no exports map",
  nullValue: "tslab's executor drops null and undefined alike",
  reloadsAtOnce: "tslab learns of an edit by a file watcher, some time later",
  importMeta: "tslab's cells are CommonJS, which has no import.meta",
  importAttributes: "tslab's TypeScript 5.0 knows no `with`",
  syntaxErrorName: "tslab reports a syntax error as a type error of the checker",
  sharedVariables: "a function keeps the variable of its own cell; other cells see a copy on `exports`",
  varInBlocks: "tslab exports the names that stand at the top of the text",
  topLevelForAwait: "tslab looks for await expressions to decide whether a cell is asynchronous",
});
