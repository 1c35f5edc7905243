/** The store that a command works on. */
import { basename, dirname, join, resolve } from "node:path";
import { RunlabError } from "../errors.js";
import { isFolder } from "../runs/store/is-folder.js";
import { findStore, openStore, type Store } from "../runs/store/index.js";

/** `named` is what `--store` says: the folder that holds `runs`, that folder itself, or one with `models/runs` in it. */
export function chooseStore(named: string | boolean | undefined): Store {
  if (typeof named !== "string") return openStore(findStore(process.cwd()));
  const given = resolve(named);
  const candidates = [given, join(given, "models"), ...(basename(given) === "runs" ? [dirname(given)] : [])];
  for (const candidate of candidates) if (isFolder(join(candidate, "runs"))) return openStore(candidate);
  throw new RunlabError("there is no store at that place", { received: named, allowed: "a folder that holds runs/, such as models" });
}
