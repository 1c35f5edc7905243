/** What the kernel answers to each kind of request, besides `execute_request`, which has a queue. */
import { BANNER, KERNEL, LANGUAGE_INFO } from "../kernel-info.js";
import { PROTOCOL_VERSION, type Message } from "../protocol/messages.js";
import type { Kernel } from "./kernel.js";
import { toPoints, toUnits } from "./text-offsets.js";

/** Returns the content of the reply; null for messages that have none. Throws to answer with `status: "error"`. */
export type Handler = (message: Message, kernel: Kernel) => Promise<object | null> | object | null;

const code = (message: Message): string => (typeof message.content.code === "string" ? message.content.code : "");
const id = (message: Message): string => String(message.content.comm_id);

export const HANDLERS: Readonly<Record<string, Handler>> = {
  kernel_info_request: () => ({
    protocol_version: PROTOCOL_VERSION,
    implementation: KERNEL.name,
    implementation_version: KERNEL.version,
    language_info: LANGUAGE_INFO,
    banner: BANNER,
    debugger: false,
    help_links: [{ text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/intro.html" }],
    supported_features: [],
  }),

  is_complete_request: async (message, kernel) => {
    const { status, indent } = await kernel.hints.isComplete(code(message));
    return status === "incomplete" ? { status, indent } : { status };
  },

  complete_request: async (message, kernel) => {
    const text = code(message);
    const cursor = typeof message.content.cursor_pos === "number" ? message.content.cursor_pos : Infinity;
    const { matches, start, end } = await kernel.hints.complete(text, toUnits(text, cursor));
    const [from, to] = [toPoints(text, start), toPoints(text, end)];
    return {
      matches: matches.map((match) => match.text),
      cursor_start: from,
      cursor_end: to,
      metadata: { _jupyter_types_experimental: matches.map((match) => ({ text: match.text, type: match.kind, start: from, end: to })) },
    };
  },

  inspect_request: async (message, kernel) => {
    const text = code(message);
    const cursor = typeof message.content.cursor_pos === "number" ? message.content.cursor_pos : Infinity;
    const found = await kernel.hints.inspect(text, toUnits(text, cursor));
    if (found === null) return { found: false, data: {}, metadata: {} };
    const plain = found.documentation === "" ? found.signature : `${found.signature}\n\n${found.documentation}`;
    const markdown = `\`\`\`typescript\n${found.signature}\n\`\`\`\n\n${found.documentation}`;
    return { found: true, data: { "text/plain": plain, "text/markdown": markdown }, metadata: {} };
  },

  history_request: (message, kernel) => ({ history: kernel.history.answer(message.content) }),

  comm_info_request: (message, kernel) => {
    const wanted = message.content.target_name;
    const comms = [...kernel.comms].filter(([, target]) => typeof wanted !== "string" || wanted === "" || wanted === target);
    return { comms: Object.fromEntries(comms.map(([comm, target]) => [comm, { target_name: target }])) };
  },

  comm_open: (message, kernel) => {
    const target = String(message.content.target_name);
    kernel.comms.set(id(message), target);
    kernel.toChild({ type: "comm_open", comm: id(message), target, data: message.content.data ?? {}, cell: kernel.owners.create(message.header).number }, message.buffers);
    return null;
  },

  comm_msg: (message, kernel) => {
    kernel.toChild({ type: "comm_msg", comm: id(message), data: message.content.data ?? {}, cell: kernel.owners.create(message.header).number }, message.buffers);
    return null;
  },

  comm_close: (message, kernel) => {
    kernel.comms.delete(id(message));
    kernel.toChild({ type: "comm_close", comm: id(message), data: message.content.data ?? {}, cell: kernel.owners.create(message.header).number });
    return null;
  },

  interrupt_request: (_message, kernel) => {
    kernel.interrupt();
    return {};
  },

  shutdown_request: (message, kernel) => {
    void kernel.shutdown();
    return { restart: message.content.restart === true };
  },

  debug_request: () => {
    throw new Error("this kernel has no debugger");
  },
};
