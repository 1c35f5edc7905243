/**
 * Takes secrets out of text before it is written: what never reaches the disk cannot be shared by mistake.
 *
 * It knows the shapes of common keys and tokens, passwords in addresses, private keys, and values given to names such
 * as `api_key` or `password`. It misleads when a secret looks like an ordinary word: no pattern can know that.
 * The patterns never cross a line, a quote or a backslash, so JSON stays JSON and code stays code.
 *
 * @example
 * redact("token ghp_0123456789abcdefghijABCDEFGHIJ456789"); // "token [redacted]"
 */
export const REDACTED = "[redacted]";

/** Each row: what it recognises, the pattern (linear in the length of the text), and what stands instead. */
const PATTERNS: readonly { what: string; pattern: RegExp; replacement: string }[] = [
  { what: "private key", pattern: /-----BEGIN (?:[A-Z]{1,16} ){0,3}PRIVATE KEY-----(?:(?!-----)[A-Za-z0-9+/=:,\-\s\\]){0,16384}-----END (?:[A-Z]{1,16} ){0,3}PRIVATE KEY-----/g, replacement: REDACTED },
  { what: "password in an address", pattern: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'`\\]{0,128}:)[^\s@/"'`\\]{1,256}(?=@)/gi, replacement: `$1${REDACTED}` },
  { what: "GitHub token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255})/g, replacement: REDACTED },
  { what: "GitLab token", pattern: /\bgl(?:pat|ptt|dt|rt|cbt|oas|soat)-[A-Za-z0-9_-]{20,255}/g, replacement: REDACTED },
  { what: "keys that begin with sk-", pattern: /\bsk-(?:[a-z0-9]{2,12}-){0,3}[A-Za-z0-9_-]{20,255}/g, replacement: REDACTED },
  { what: "Hugging Face token", pattern: /\b(?:hf|api_org)_[A-Za-z0-9]{30,255}/g, replacement: REDACTED },
  { what: "AWS key id", pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g, replacement: REDACTED },
  { what: "Google key", pattern: /\bAIza[A-Za-z0-9_-]{35}/g, replacement: REDACTED },
  { what: "Google OAuth token", pattern: /\b(?:ya29\.[A-Za-z0-9_-]{20,512}|GOCSPX-[A-Za-z0-9_-]{20,64})/g, replacement: REDACTED },
  { what: "Slack token", pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g, replacement: REDACTED },
  { what: "Stripe key", pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}/g, replacement: REDACTED },
  { what: "npm token", pattern: /\bnpm_[A-Za-z0-9]{30,255}/g, replacement: REDACTED },
  { what: "PyPI token", pattern: /\bpypi-[A-Za-z0-9_-]{40,512}/g, replacement: REDACTED },
  { what: "SendGrid key", pattern: /\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}/g, replacement: REDACTED },
  { what: "Azure storage key", pattern: /(\bAccountKey=)[A-Za-z0-9+/=]{40,128}/g, replacement: `$1${REDACTED}` },
  { what: "Databricks token", pattern: /\bdapi[a-f0-9]{32}\b/g, replacement: REDACTED },
  { what: "JSON web token", pattern: /\beyJ[A-Za-z0-9_-]{8,2048}\.eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,2048}/g, replacement: REDACTED },
  { what: "authorization header", pattern: /(\b(?:Bearer|Basic)[ \t]{1,4})[A-Za-z0-9+/=._~-]{16,2048}/g, replacement: `$1${REDACTED}` },
  {
    what: "a value given to a telling name",
    pattern: /((?:password|passwd|passphrase|secret|secret[_-]?key|api[_-]?key|access[_-]?key|access[_-]?token|auth[_-]?token|client[_-]?secret|private[_-]?key)["'`]?[ \t]{0,4}[:=][ \t]{0,4}["'`])[^\s"'`\\]{4,512}(?=["'`])/gi,
    replacement: `$1${REDACTED}`,
  },
  {
    what: "an environment assignment",
    pattern: /(\b[A-Z0-9_]{0,64}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_KEY|ACCESS_KEY|SECRET_KEY)=)[^\s"'`\\&;]{4,512}/g,
    replacement: `$1${REDACTED}`,
  },
];

/** One of these stands in everything that a pattern recognises: most text has none, and is done with after one look. */
const HINT = /-----BEGIN|:\/\/|gh[pousr]_|github_pat_|gl(?:pat|ptt|dt|rt|cbt|oas|soat)-|sk-|hf_|api_org_|A[KSB]IA|ACCA|AIza|ya29\.|GOCSPX-|xox[abeoprs]-|[rs]k_(?:live|test)_|npm_|pypi-|SG\.|AccountKey=|dapi|eyJ|bearer|basic|passw|passphrase|secret|token|key/i;

/** The text with every secret it recognises replaced by "[redacted]". */
export function redact(text: string): string {
  if (!HINT.test(text)) return text;
  let result = text;
  for (const { pattern, replacement } of PATTERNS) result = result.replace(pattern, replacement);
  return result;
}

/** Names whose text value is a secret whatever it looks like. Numbers stay: `max_tokens: 200` is a setting. */
const SECRET_NAME = /(?:^|[_-])(?:password|passwd|passphrase|secret|api_?key|access_?key|private_?key|(?:access|auth|api|bearer)_?token)$/i;

/** `redact` for every text inside a JSON value; the value given is not changed. */
export function redactValue<T>(value: T): T {
  return redactInside(value, "") as T;
}

function redactInside(value: unknown, name: string): unknown {
  if (typeof value === "string") return value.length > 0 && SECRET_NAME.test(name) ? REDACTED : value.length < 8 ? value : redact(value);
  if (Array.isArray(value)) return value.map((item) => redactInside(item, name));
  if (value === null || typeof value !== "object") return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    // A key such as "__proto__" must become a plain field, not the prototype.
    Object.defineProperty(copy, redact(key), { value: redactInside(item, key), enumerable: true, writable: true, configurable: true });
  }
  return copy;
}
