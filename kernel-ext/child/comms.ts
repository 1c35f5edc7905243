/** Comms: messages of any kind between a cell and a widget or extension of the frontend. */
import { randomUUID } from "node:crypto";
import { currentCell, withinCell } from "./cells.js";
import { send } from "./channel.js";
import { breakable, Interrupted } from "./breakable.js";
import type { Order } from "./messages.js";

export interface Comm {
  readonly id: string;
  readonly target: string;
  /** Called with what the frontend sends. */
  onMessage: ((data: unknown, buffers: Uint8Array[]) => void) | null;
  /** Called once, when the frontend closes the comm. */
  onClose: ((data: unknown) => void) | null;
  send(data: unknown, buffers?: Uint8Array[]): void;
  close(data?: unknown): void;
}

type Target = (comm: Comm, data: unknown) => void;

const targets = new Map<string, Target>();
const open = new Map<string, { comm: Comm; cell: number }>();

function make(id: string, target: string, cell: number): Comm {
  const comm: Comm = {
    id,
    target,
    onMessage: null,
    onClose: null,
    send: (data, buffers = []) => send(currentCell(), { type: "comm_msg", comm: id, data: data ?? {} }, buffers),
    close: (data = {}) => {
      if (open.delete(id)) send(currentCell(), { type: "comm_close", comm: id, data });
    },
  };
  open.set(id, { comm, cell });
  return comm;
}

export const comms = {
  /** Opens a comm to a target that the frontend has registered. */
  open(target: string, data: unknown = {}, options: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] } = {}): Comm {
    const comm = make(randomUUID(), target, currentCell());
    send(currentCell(), { type: "comm_open", comm: comm.id, target, data, metadata: options.metadata ?? {} }, options.buffers ?? []);
    return comm;
  },
  /** Calls `target` for every comm that the frontend opens under this name. Returns the function that stops it. */
  register(name: string, target: Target): () => void {
    targets.set(name, target);
    return () => {
      if (targets.get(name) === target) targets.delete(name);
    };
  },
};

type CommOrder = Extract<Order, { type: "comm_open" | "comm_msg" | "comm_close" }>;

/** Hands a message of the frontend to whom it is for. `failed` is told what the user's handler threw. */
export function receiveComm(order: CommOrder, buffers: Buffer[], failed: (error: unknown) => void): void {
  const guarded = (cell: number, work: () => void): void => {
    try {
      withinCell(cell, () => breakable(work));
    } catch (error) {
      if (!(error instanceof Interrupted)) failed(error);
    }
  };
  if (order.type === "comm_open") {
    const target = targets.get(order.target);
    if (target === undefined) send(order.cell, { type: "comm_close", comm: order.comm, data: {} });
    else guarded(order.cell, () => target(make(order.comm, order.target, order.cell), order.data));
    return;
  }
  const entry = open.get(order.comm);
  if (entry === undefined) return;
  if (order.type === "comm_close") open.delete(order.comm);
  // Output of the handler belongs to the message that caused it, as in every other kernel.
  const handler = order.type === "comm_msg" ? entry.comm.onMessage : entry.comm.onClose;
  if (handler !== null) guarded(order.cell, () => handler.call(entry.comm, order.data, buffers));
}
