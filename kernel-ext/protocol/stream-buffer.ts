/**
 * Gathers printed text for 10 ms, so that a thousand `console.log` calls become a few messages. Text of one stream and
 * one cell stays in order; the caller flushes before it publishes anything else, so order holds between kinds too.
 */
export type StreamName = "stdout" | "stderr";

const DELAY_MS = 10;
const MAX_CHARACTERS = 64 * 1024;

export class StreamBuffer<Owner> {
  private waiting: { name: StreamName; owner: Owner; parts: string[]; length: number } | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly publish: (name: StreamName, text: string, owner: Owner) => void) {}

  add(name: StreamName, text: string, owner: Owner): void {
    if (this.waiting !== null && (this.waiting.name !== name || this.waiting.owner !== owner)) this.flush();
    this.waiting ??= { name, owner, parts: [], length: 0 };
    this.waiting.parts.push(text);
    this.waiting.length += text.length;
    if (this.waiting.length >= MAX_CHARACTERS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), DELAY_MS);
  }

  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const { waiting } = this;
    if (waiting === null) return;
    this.waiting = null;
    this.publish(waiting.name, waiting.parts.join(""), waiting.owner);
  }
}
