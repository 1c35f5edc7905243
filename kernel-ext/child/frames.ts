/**
 * What travels on the pipes between supervisor and child: `length u32, kind u8, cell u32, payload`, little endian.
 * `cell` is the number of the cell that the frame belongs to (0: none), so that late output of an old cell finds its
 * place. A payload is text, JSON, or JSON with binary buffers behind it.
 */
export const FRAME = { json: 0, stdout: 1, stderr: 2, jsonWithBuffers: 3 } as const;
export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

const HEADER_BYTES = 9;

export interface Frame {
  kind: FrameKind;
  cell: number;
  payload: Buffer;
}

export function encodeText(kind: FrameKind, cell: number, text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bytes);
  writeHeader(frame, kind, cell, bytes);
  frame.write(text, HEADER_BYTES);
  return frame;
}

export function encodeMessage(cell: number, message: object, buffers: readonly Uint8Array[] = []): Buffer {
  const json = JSON.stringify(message);
  if (buffers.length === 0) return encodeText(FRAME.json, cell, json);
  const jsonBytes = Buffer.from(json);
  const parts: Uint8Array[] = [u32(jsonBytes.length), jsonBytes];
  for (const buffer of buffers) parts.push(u32(buffer.byteLength), buffer);
  const payload = Buffer.concat(parts);
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  writeHeader(header, FRAME.jsonWithBuffers, cell, payload.length);
  return Buffer.concat([header, payload]);
}

export function decodeMessage(frame: Frame): { message: unknown; buffers: Buffer[] } {
  const { payload } = frame;
  if (frame.kind === FRAME.json) return { message: JSON.parse(payload.toString()), buffers: [] };
  const jsonEnd = 4 + payload.readUInt32LE(0);
  const buffers: Buffer[] = [];
  for (let at = jsonEnd; at < payload.length; ) {
    const end = at + 4 + payload.readUInt32LE(at);
    buffers.push(Buffer.from(payload.subarray(at + 4, end)));
    at = end;
  }
  return { message: JSON.parse(payload.subarray(4, jsonEnd).toString()), buffers };
}

/** Puts frames together from chunks of any size. Copies a byte at most twice, however large the frame. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private available = 0;

  constructor(private readonly receive: (frame: Frame) => void) {}

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.available += chunk.length;
    if (this.available < this.needed()) return;
    let data = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks, this.available);
    while (data.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + data.readUInt32LE(0);
      if (data.length < end) break;
      this.receive({ kind: data[4] as FrameKind, cell: data.readUInt32LE(5), payload: data.subarray(HEADER_BYTES, end) });
      data = data.subarray(end);
    }
    this.chunks = data.length > 0 ? [data] : [];
    this.available = data.length;
  }

  private needed(): number {
    const first = this.chunks[0];
    if (first.length >= 4) return HEADER_BYTES + first.readUInt32LE(0);
    return this.available >= HEADER_BYTES ? this.available : HEADER_BYTES;
  }
}

function writeHeader(frame: Buffer, kind: FrameKind, cell: number, bytes: number): void {
  frame.writeUInt32LE(bytes, 0);
  frame[4] = kind;
  frame.writeUInt32LE(cell, 5);
}

function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
