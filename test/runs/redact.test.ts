import { readdirSync, readFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openStore, redact, redactValue } from "runlab/runs";

/** Made up, in the shape of the real ones; put together here so that no scanner takes this file for a leak. */
const word = (alphabet: string, length: number) => Array.from({ length }, (_, at) => alphabet[(at * 7 + 3) % alphabet.length]).join("");
const ALNUM = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const a = (length: number) => word(ALNUM, length);
const SECRETS: [what: string, text: string, secret: string][] = [
  ["GitHub", `const t = "ghp_${a(36)}";`, `ghp_${a(36)}`],
  ["GitHub, fine-grained", `github_pat_${a(60)}`, a(60)],
  ["GitLab", `glpat-${a(20)}`, `glpat-${a(20)}`],
  ["sk-proj", `client("sk-proj-${a(48)}")`, a(48)],
  ["sk with parts", `sk-abc-api03-${a(40)}`, a(40)],
  ["Hugging Face", `hf_${a(34)}`, a(34)],
  ["AWS id", `AKIA${word("ABCDEFGHIJKLMNOP234567", 16)}`, `AKIA${word("ABCDEFGHIJKLMNOP234567", 16)}`],
  ["AWS secret", `aws_secret_access_key = "${a(40)}"`, a(40)],
  ["Google", `AIza${a(35)}`, a(35)],
  ["Slack", `xoxb-${word("0123456789", 12)}-${a(24)}`, a(24)],
  ["Stripe", `sk_live_${a(24)}`, a(24)],
  ["npm", `npm_${a(36)}`, a(36)],
  ["PyPI", `pypi-${a(60)}`, a(60)],
  ["SendGrid", `SG.${a(22)}.${a(43)}`, a(43)],
  ["Azure", `AccountKey=${a(86)}==`, a(86)],
  ["JWT", `eyJ${a(20)}.eyJ${a(30)}.${a(40)}`, `eyJ${a(30)}`],
  ["bearer", `Authorization: Bearer ${a(32)}`, a(32)],
  ["password in an address", `postgres://ada:${a(12)}@db.example.org/runs`, a(12)],
  ["named password", `{ password: "${a(14)}" }`, a(14)],
  ["environment", `export HUB_TOKEN=${a(20)}`, a(20)],
  ["private key", `-----BEGIN RSA PRIVATE KEY-----\n${a(64)}\n${a(64)}\n-----END RSA PRIVATE KEY-----`, a(64)],
  ["private key in JSON", JSON.stringify(`-----BEGIN PRIVATE KEY-----\n${a(64)}\n-----END PRIVATE KEY-----\n`), a(64)],
];

describe("redact", () => {
  test.each(SECRETS)("takes out: %s", (_what, text, secret) => {
    expect(text).toContain(secret);
    expect(redact(text)).not.toContain(secret);
    expect(redact(`before ${text} after`)).toMatch(/^before .*\[redacted\].* after$/s);
  });

  test.each([
    "const accuracy = score(model, test); // 0.93",
    "readTable(\"https://example.org/data/flights.parquet\")",
    "max_tokens: 200, keys: [1, 2, 3], secretary: \"Ada\"",
    "skewness and kurtosis; sk-learn; task-specific-tokens-in-a-long-name",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "tokens.map((token) => token.length)",
  ])("leaves alone: %s", (text) => expect(redact(text)).toBe(text));

  test("JSON stays JSON", () => {
    const text = JSON.stringify({ code: SECRETS.map(([, secret]) => secret), password: "hunter2hunter2" });
    expect(() => JSON.parse(redact(text))).not.toThrow();
  });

  test("a value under a telling name goes, a number stays, the prototype is safe", () => {
    const value = JSON.parse('{"flags":{"api_key":"short","max_tokens":3,"__proto__":{"polluted":"yes"}}}') as Record<string, unknown>;
    expect(JSON.stringify(redactValue(value))).toBe('{"flags":{"api_key":"[redacted]","max_tokens":3,"__proto__":{"polluted":"yes"}}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("a megabyte made to be slow is done in linear time", () => {
    // Quadratic work on a megabyte would exceed the time a test may take.
    for (const part of ["-----BEGIN PRIVATE KEY-----", "a://b:", "eyJ", "sk-a-", "PASSWORD", "Bearer "]) redact(part.repeat(1_000_000 / part.length));
  });

  test("no secret reaches the disk by any way into a run", async () => {
    const folder = mkdtempSync(join(tmpdir(), "runlab-redact-"));
    const store = openStore(join(folder, "models"));
    const all = SECRETS.map(([, text]) => text).join("\n");
    const run = await store.start({ name: `run ${SECRETS[0][1]}`, seed: 1, command: `%%run x --note ${SECRETS[0][2]}`, flags: { note: all } }, { "code/cell.ts": all });
    await run.write("logs/output.txt", all);
    run.update({ fields: { note: all } });
    await run.finish({ error: { name: "Error", message: all, traceback: [all] }, status: "failed" });
    await store.list();
    store.dispose();
    const written = filesIn(folder).map((file) => readFileSync(file, "utf8")).join("\n");
    for (const [what, , secret] of SECRETS) expect(written.includes(secret), what).toBe(false);
    rmSync(folder, { recursive: true });
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? filesIn(join(folder, name)) : [join(folder, name)]));
}
