import { engineContract } from "./contract.js";

engineContract("fast", {
  runtimeLines: true,
  importOnlyPackages: true,
  exportsTypes: true,
  nullValue: true,
  reloadsAtOnce: true,
  importMeta: true,
  importAttributes: true,
  syntaxErrorName: true,
  sharedVariables: true,
  varInBlocks: true,
  topLevelForAwait: true,
});
