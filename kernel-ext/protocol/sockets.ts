/**
 * The five sockets of a kernel. Sends on one socket leave in the order they were asked for, whatever the caller awaits:
 * each socket has one queue. Nothing is dropped on the way to a slow client, so the caller must bound what it sends.
 */
import { Publisher, Reply, Router } from "zeromq";
import { address, type Connection } from "./connection.js";
import type { Channel, Message } from "./messages.js";
import { Wire } from "./wire.js";

export type Receiver = (message: Message) => void;

export class Sockets {
  private readonly shell = new Router();
  private readonly control = new Router();
  private readonly stdin = new Router();
  private readonly iopub = new Publisher({ sendHighWaterMark: 0 });
  private readonly heartbeat = new Reply();
  private readonly queues = new Map<Channel, Promise<void>>();
  private readonly wire: Wire;

  constructor(private readonly connection: Connection) {
    this.wire = new Wire(connection.key, connection.signature_scheme.slice("hmac-".length));
    for (const socket of this.all()) {
      socket.linger = 1000;
      if (connection.curve_secretkey === undefined) continue;
      socket.curveServer = true;
      socket.curvePublicKey = connection.curve_publickey ?? null;
      socket.curveSecretKey = connection.curve_secretkey;
    }
  }

  async bind(): Promise<void> {
    const { connection } = this;
    await Promise.all([
      this.shell.bind(address(connection, connection.shell_port)),
      this.control.bind(address(connection, connection.control_port)),
      this.stdin.bind(address(connection, connection.stdin_port)),
      this.iopub.bind(address(connection, connection.iopub_port)),
      this.heartbeat.bind(address(connection, connection.hb_port)),
    ]);
  }

  /** Starts to hand over what arrives, and to answer the heartbeat. */
  receive(receivers: Record<"shell" | "control" | "stdin", Receiver>): void {
    void this.echo();
    for (const channel of ["shell", "control", "stdin"] as const) void this.pump(this[channel], receivers[channel]);
  }

  reply(channel: "shell" | "control" | "stdin", request: Message, type: string, content: object, metadata: object = {}): void {
    this.queue(channel, request.identities, type, content, request.header, metadata);
  }

  publish(type: string, content: object, parent: object, metadata: object = {}, buffers: readonly Uint8Array[] = []): void {
    this.queue("iopub", [`kernel.${this.wire.session}.${type}`], type, content, parent, metadata, buffers);
  }

  /** Resolves when everything asked for so far is in ZeroMQ's hands. */
  async sent(): Promise<void> {
    await Promise.all(this.queues.values());
  }

  close(): void {
    for (const socket of this.all()) socket.close();
  }

  private all() {
    return [this.shell, this.control, this.stdin, this.iopub, this.heartbeat];
  }

  private queue(
    channel: Channel,
    identities: readonly (Buffer | string)[],
    type: string,
    content: object,
    parent: object,
    metadata: object,
    buffers: readonly Uint8Array[] = [],
  ): void {
    // Encoded now, not when its turn comes: the caller may change its objects afterwards.
    const frames = this.wire.encode(identities, type, content, parent, metadata, buffers) as Buffer[];
    const socket = this[channel];
    const before = this.queues.get(channel) ?? Promise.resolve();
    // A peer that went away is no reason to stop; the other peers still read.
    this.queues.set(channel, before.then(() => socket.send(frames)).catch(() => {}));
  }

  private async pump(socket: Router, receiver: Receiver): Promise<void> {
    for await (const frames of socket) {
      const message = this.wire.decode(frames);
      if (message !== null) receiver(message);
    }
  }

  private async echo(): Promise<void> {
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }
}
