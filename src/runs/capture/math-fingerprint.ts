/**
 * A hash over what every Math function gives for fixed inputs: two engines with the same hash compute the same bits, as
 * far as these inputs tell. `Math.pow` differs in about one result of ten between Node 22 and 24.
 */
import { createHash } from "node:crypto";

const ONE_ARGUMENT = ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "cos", "cosh", "exp", "expm1", "log", "log10", "log1p", "log2", "sin", "sinh", "sqrt", "tan", "tanh"] as const;
const TWO_ARGUMENTS = ["atan2", "hypot", "pow"] as const;
const INPUTS = 200;

let known: string | null = null;

export function mathFingerprint(): string {
  if (known !== null) return known;
  const results: number[] = [];
  // Quotients of whole numbers: exact on every machine, spread over small, unit and large arguments.
  for (let i = 1; i <= INPUTS; i++) {
    const x = (i * 7919) / (i + 4096);
    const unit = i / (INPUTS + 1);
    for (const name of ONE_ARGUMENT) results.push(Math[name](x), Math[name](unit), Math[name](-unit));
    for (const name of TWO_ARGUMENTS) results.push(Math[name](x, unit), Math[name](unit, x));
  }
  // One spelling for every NaN; the bits of a NaN are the engine's own affair.
  const bits = new Float64Array(results.map((value) => (Number.isNaN(value) ? Number.NaN : value)));
  known = createHash("sha256").update(new Uint8Array(bits.buffer)).digest("hex");
  return known;
}
