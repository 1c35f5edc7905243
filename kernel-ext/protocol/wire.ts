/** Messages as frames: `identities… <IDS|MSG> hmac header parent metadata content buffers…`. Pure; no sockets here. */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { PROTOCOL_VERSION, type Header, type Message } from "./messages.js";

const DELIMITER = Buffer.from("<IDS|MSG>");

export class Wire {
  /** The kernel's own session id, in the header of everything it sends. */
  readonly session = randomUUID();

  /** An empty `key` turns signatures off, as the protocol says. */
  constructor(private readonly key: string, private readonly hash: string = "sha256") {}

  encode(
    identities: readonly (Buffer | string)[],
    type: string,
    content: object,
    parent: object,
    metadata: object = {},
    buffers: readonly Uint8Array[] = [],
  ): (Buffer | string | Uint8Array)[] {
    const header: Header = {
      msg_id: randomUUID(),
      session: this.session,
      username: "kernel",
      date: new Date().toISOString(),
      msg_type: type,
      version: PROTOCOL_VERSION,
    };
    const parts = [header, parent, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
    return [...identities, DELIMITER, this.sign(parts), ...parts, ...buffers];
  }

  /** Null for anything that is not a whole message with the right signature: a stray peer must not harm the kernel. */
  decode(frames: readonly Buffer[]): Message | null {
    const at = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (at < 0 || frames.length < at + 6) return null;
    const parts = frames.slice(at + 2, at + 6);
    const expected = Buffer.from(this.sign(parts));
    const given = frames[at + 1];
    if (this.key !== "" && (given.length !== expected.length || !timingSafeEqual(given, expected))) return null;
    try {
      const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString()) as Record<string, unknown>);
      if (!isRecord(header) || typeof header.msg_type !== "string" || typeof header.msg_id !== "string") return null;
      return {
        identities: frames.slice(0, at),
        header: header as unknown as Header,
        parent: isRecord(parent) ? (parent as unknown as Header) : {},
        metadata: isRecord(metadata) ? metadata : {},
        content: isRecord(content) ? content : {},
        buffers: frames.slice(at + 6),
      };
    } catch {
      return null;
    }
  }

  private sign(parts: readonly Buffer[]): string {
    if (this.key === "") return "";
    const hmac = createHmac(this.hash, this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
