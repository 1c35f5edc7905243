/** What was run in this session, for `history_request`. */
interface Entry {
  count: number;
  code: string;
  output: string | null;
}

type Row = [session: number, line: number, input: string | [input: string, output: string | null]];

/** This session's number; `0` in a request means it too. */
const SESSION = 1;

export class History {
  private readonly entries: Entry[] = [];

  add(count: number, code: string): void {
    this.entries.push({ count, code, output: null });
  }

  setOutput(count: number, output: string): void {
    const entry = this.entries.findLast((each) => each.count === count);
    if (entry !== undefined) entry.output = output;
  }

  answer(request: Record<string, unknown>): Row[] {
    const withOutput = request.output === true;
    return this.select(request).map(({ count, code, output }) => [SESSION, count, withOutput ? [code, output] : code]);
  }

  private select(request: Record<string, unknown>): Entry[] {
    const n = typeof request.n === "number" && request.n > 0 ? request.n : this.entries.length;
    switch (request.hist_access_type) {
      case "range": {
        const session = Number(request.session ?? 0);
        if (session !== 0 && session !== SESSION) return [];
        const start = Number(request.start ?? 0);
        const stop = typeof request.stop === "number" ? request.stop : Infinity;
        return this.entries.filter((entry) => entry.count >= start && entry.count < stop);
      }
      case "search": {
        const matches = glob(typeof request.pattern === "string" ? request.pattern : "*");
        let found = this.entries.filter((entry) => matches(entry.code));
        if (request.unique === true) found = found.filter((entry, at) => found.findLastIndex((other) => other.code === entry.code) === at);
        return found.slice(-n);
      }
      default:
        return this.entries.slice(-n);
    }
  }
}

/** `*` is any text, `?` one character. Linear in the text for each star, so no pattern can hang the kernel. */
export function glob(pattern: string): (text: string) => boolean {
  return (text) => {
    let at = 0;
    let star = -1;
    let mark = 0;
    let p = 0;
    while (at < text.length) {
      if (pattern[p] === "*") {
        star = p++;
        mark = at;
      } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[at])) {
        p++;
        at++;
      } else if (star >= 0) {
        p = star + 1;
        at = ++mark;
      } else return false;
    }
    while (pattern[p] === "*") p++;
    return p === pattern.length;
  };
}
