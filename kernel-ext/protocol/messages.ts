/**
 * The Jupyter messages this kernel speaks, protocol 5.3. One place for their shapes, so that a handler says by its
 * types what it answers. https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */
export const PROTOCOL_VERSION = "5.3";

export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

/** What a message holds, once its frames are taken apart. */
export interface Message {
  /** Routing prefix of the peer; given back unchanged with the reply. */
  identities: Buffer[];
  header: Header;
  parent: Header | Record<string, never>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: Buffer[];
}

export type Channel = "shell" | "control" | "stdin" | "iopub";

export interface MimeBundle {
  [mime: string]: unknown;
}

export interface ExecuteRequest {
  code: string;
  silent: boolean;
  store_history: boolean;
  user_expressions: Record<string, string>;
  allow_stdin: boolean;
  stop_on_error: boolean;
}

export interface ErrorContent {
  ename: string;
  evalue: string;
  traceback: string[];
}

export interface DisplayContent {
  data: MimeBundle;
  metadata: Record<string, unknown>;
  transient: { display_id?: string };
}

/** Reads an `execute_request`, with the protocol's defaults for what a frontend left out. */
export function executeRequest(content: Record<string, unknown>): ExecuteRequest {
  const silent = content.silent === true;
  return {
    code: typeof content.code === "string" ? content.code : "",
    silent,
    store_history: silent ? false : content.store_history !== false,
    user_expressions: stringFields(content.user_expressions),
    allow_stdin: content.allow_stdin !== false,
    stop_on_error: content.stop_on_error !== false,
  };
}

function stringFields(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
