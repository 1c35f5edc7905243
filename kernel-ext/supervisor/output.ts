/** Everything a cell shows, on its way to the frontends: in order, gathered, and bounded. */
import type { DisplayContent, MimeBundle } from "../protocol/messages.js";
import type { Sockets } from "../protocol/sockets.js";
import { StreamBuffer, type StreamName } from "../protocol/stream-buffer.js";
import type { Owner } from "./owners.js";

/** More than this chokes the browser and the notebook file; the rest is counted and dropped. */
const DEFAULT_PRINT_MB = 20;
const DISPLAY_BYTES = 200_000_000;

export class Output {
  private readonly stream: StreamBuffer<Owner>;
  private readonly printBytes: number;

  constructor(private readonly sockets: Sockets, printMegabytes = Number(process.env.RUNLAB_OUTPUT_MB) || DEFAULT_PRINT_MB) {
    this.printBytes = printMegabytes * 1_000_000;
    this.stream = new StreamBuffer((name, text, owner) => sockets.publish("stream", { name, text }, owner.parent));
  }

  print(owner: Owner, name: StreamName, bytes: Buffer): void {
    const room = this.printBytes - owner.printed;
    if (room <= 0) {
      owner.dropped += bytes.length;
      return;
    }
    const kept = bytes.length <= room ? bytes : bytes.subarray(0, wholeCharacters(bytes, room));
    owner.printed += bytes.length;
    owner.dropped += bytes.length - kept.length;
    this.stream.add(name, kept.toString(), owner);
  }

  /** A line of the kernel itself; never dropped. */
  note(owner: Owner, text: string): void {
    this.stream.add("stderr", text.endsWith("\n") ? text : `${text}\n`, owner);
  }

  /** Says how much of the cell's output is missing; called when the cell ends. */
  noteDropped(owner: Owner): void {
    if (owner.dropped === 0) return;
    this.note(owner, `\n[output cut: the first ${megabytes(this.printBytes)} are shown, ${megabytes(owner.dropped)} more were dropped]`);
    owner.dropped = 0;
  }

  display(owner: Owner, data: MimeBundle, metadata: Record<string, unknown>, id: string | null, update: boolean, bytes: number): void {
    owner.displayed += bytes;
    if (owner.displayed > DISPLAY_BYTES) {
      if (owner.displayed - bytes <= DISPLAY_BYTES) this.note(owner, `[displays of more than ${megabytes(DISPLAY_BYTES)} in one cell are not shown]`);
      return;
    }
    const content: DisplayContent = { data, metadata, transient: id === null ? {} : { display_id: id } };
    this.publish(owner, update ? "update_display_data" : "display_data", content);
  }

  /** Publishes a message after all that was printed before it. */
  publish(owner: Owner, type: string, content: object, metadata: object = {}, buffers: readonly Uint8Array[] = []): void {
    this.stream.flush();
    this.sockets.publish(type, content, owner.parent, metadata, buffers);
  }

  flush(): void {
    this.stream.flush();
  }
}

/** The largest length up to `room` that does not cut a UTF-8 character in two. */
function wholeCharacters(bytes: Buffer, room: number): number {
  let end = room;
  while (end > 0 && (bytes[end] & 0xc0) === 0x80) end--;
  return end;
}

const megabytes = (bytes: number): string => (bytes < 1e5 ? `${bytes} bytes` : `${(bytes / 1e6).toFixed(1)} MB`);
