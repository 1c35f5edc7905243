/** What a run prints, up to a limit. */

/** Bytes kept in logs/output.txt. */
export const OUTPUT_LIMIT = 5_000_000;

export class OutputLog {
  private parts: string[] = [];
  private bytes = 0;
  private leftOut = 0;
  private lastChange = 0;
  /** Grows with every change: lets the owner write only what is new. */
  get version(): number {
    return this.lastChange;
  }

  get size(): number {
    return this.bytes;
  }

  add(text: string): void {
    if (text === "") return;
    this.lastChange += 1;
    const size = Buffer.byteLength(text);
    if (this.leftOut === 0 && this.bytes + size <= OUTPUT_LIMIT) {
      this.parts.push(text);
      this.bytes += size;
      return;
    }
    if (this.leftOut > 0) {
      this.leftOut += size;
      return;
    }
    // Cut at a whole character: a character that is torn in two decodes to U+FFFD at the end.
    const head = Buffer.from(text).subarray(0, OUTPUT_LIMIT - this.bytes).toString("utf8").replace(/\ufffd+$/, "");
    this.parts.push(head);
    this.bytes += Buffer.byteLength(head);
    this.leftOut = size - Buffer.byteLength(head);
  }

  /** The text, with a last line that says how much was left out. */
  text(): string {
    if (this.parts.length > 1) this.parts = [this.parts.join("")];
    const text = this.parts[0] ?? "";
    return this.leftOut === 0 ? text : `${text}${text.endsWith("\n") ? "" : "\n"}[${this.leftOut.toLocaleString("en-US")} more bytes were printed and are left out]\n`;
  }
}
