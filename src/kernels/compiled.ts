/**
 * Kernels from their files, compiled once a process and only when first asked for: importing the library costs nothing.
 */
import fs from "node:fs";
import type { Variant } from "./variant.js";

// As it is when the library is loaded: a run that lists the files its cell opens replaces the public one.
const { readFileSync } = fs;

const compiled = new Map<string, WebAssembly.Module>();

/** The compiled kernel of that name. */
export function compiledKernel(name: string, variant: Variant): WebAssembly.Module {
  const file = `${name}.${variant}.wasm`;
  let module = compiled.get(file);
  if (module === undefined) {
    module = new WebAssembly.Module(readFileSync(new URL(`./wasm/${file}`, import.meta.url)));
    compiled.set(file, module);
  }
  return module;
}
