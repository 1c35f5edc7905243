/** The loader hooks of Node 20, which runs them in a thread of their own. */
import { loadLocal, resolveLocal, type Loaded, type Resolved } from "./local-modules.js";

type NextResolve = (specifier: string, context: unknown) => Promise<Resolved>;
type NextLoad = (url: string, context: unknown) => Promise<Loaded>;

export async function resolve(specifier: string, context: { parentURL?: string }, next: NextResolve): Promise<Resolved> {
  return resolveLocal(specifier, context.parentURL) ?? next(specifier, context);
}

export async function load(url: string, context: unknown, next: NextLoad): Promise<Loaded> {
  return loadLocal(url) ?? next(url, context);
}
