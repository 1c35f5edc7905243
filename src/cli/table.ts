/** The commands. Adding one means its file, its row here and its test; help and parsing follow. */
import type { CliCommand } from "./command.js";
import { diff } from "./diff.js";
import { install } from "./install.js";
import { reindex } from "./reindex.js";
import { runs } from "./runs.js";
import { show } from "./show.js";

export const COMMANDS: readonly CliCommand[] = [runs, show, diff, reindex, install];
