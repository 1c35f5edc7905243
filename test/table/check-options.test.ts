import { describe, expect, it } from "vitest";
import { RunlabError } from "../../src/errors.js";
import { checkOptions } from "../../src/table/index.js";

describe("checkOptions", () => {
  const known = { target: true, testSize: true };
  const check = (options: unknown) => () => checkOptions("split", options as { target?: unknown; testSize?: unknown }, known);

  it("lets known options pass, whatever they hold", () => {
    expect(check({})).not.toThrow();
    expect(check({ testSize: undefined, target: 3 })).not.toThrow();
  });

  it("names the nearest, else all", () => {
    expect(check({ test_size: 0.9 })).toThrow(new RunlabError("split: there is no option test_size; did you mean testSize?"));
    expect(check({ quux: 1 })).toThrow(new RunlabError("split: there is no option quux; allowed: target, testSize"));
    expect(check({ quux: undefined })).toThrow("no option quux");
  });

  it("keeps a hostile name on one line and short", () => {
    for (const name of ["a\nb", "__proto__x", "x".repeat(1e5), "\u001b[31m"]) {
      expect(check({ [name]: 1 })).toThrow(/^[^\n\u001b]{1,160}$/);
    }
  });

  it.each([[null], ["y"], [3], [["target"]]])("refuses %j in the place of options", (options) => {
    expect(check(options)).toThrow(/^split takes its options as an object; received/);
  });

  it("does not take inherited names for options", () => {
    expect(check({ toString: 1 })).toThrow("no option toString");
  });
});
