/** Where Jupyter looks for kernels and extensions. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * `<prefix>/share/jupyter` when a prefix is given (a virtual environment, say), else the user's own folder, as
 * jupyter_core finds it: `JUPYTER_DATA_DIR`, or the place that the platform has for such data.
 */
export function jupyterDataFolder(prefix?: string, environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (prefix !== undefined) return join(resolve(prefix), "share", "jupyter");
  const named = environment.JUPYTER_DATA_DIR;
  if (named !== undefined && named !== "") return resolve(named);
  if (platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (platform === "win32") return join(environment.APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(environment.XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
}
