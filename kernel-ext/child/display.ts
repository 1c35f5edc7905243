/**
 * `display(value)` and its helpers. A display has an id and can be shown again in place, from inside a synchronous loop
 * too: every call leaves at once, updates of one display at most thirty times a second (the last one always).
 *
 * The helpers have the names of tslab's `display`, so `import { display, newDisplay } from "tslab"` gets this object.
 */
import { randomBytes } from "node:crypto";
import { currentCell } from "./cells.js";
import { send } from "./channel.js";
import { bounded, mimeBundle } from "./bundle.js";
import type { MimeBundle } from "../protocol/messages.js";

const UPDATE_EVERY_MS = 33;

export interface DisplayOptions {
  /** Shows the value under this id; a later call with `update` replaces it wherever it is shown. */
  id?: string;
  /** Replaces what the id showed instead of showing it anew. */
  update?: boolean;
}

type Shown = { data: MimeBundle; metadata: Record<string, unknown> };
export type DisplayListener = (value: unknown, data: MimeBundle) => void;
const listeners: DisplayListener[] = [];

/** Calls `listener` with every value that is displayed. Returns the function that stops it. */
export function onDisplay(listener: DisplayListener): () => void {
  listeners.push(listener);
  return () => {
    const at = listeners.indexOf(listener);
    if (at >= 0) listeners.splice(at, 1);
  };
}

interface Pending {
  cell: number;
  shown: Shown;
}

/** Per display: when it was last sent, and the update that waits. */
const sentAt = new Map<string, number>();
const waiting = new Map<string, Pending>();
let timer: NodeJS.Timeout | null = null;
const setTimer = setTimeout;

function out(cell: number, shown: Shown, id: string | null, update: boolean): void {
  send(cell, { type: "display", data: shown.data, metadata: shown.metadata, id, update });
}

function show(shown: Shown, id: string | null, update: boolean): void {
  const cell = currentCell();
  if (!update || id === null) {
    if (id !== null) sentAt.set(id, performance.now());
    out(cell, shown, id, false);
    return;
  }
  const now = performance.now();
  if (now - (sentAt.get(id) ?? -Infinity) >= UPDATE_EVERY_MS) {
    waiting.delete(id);
    sentAt.set(id, now);
    out(cell, shown, id, true);
    return;
  }
  waiting.set(id, { cell, shown });
  timer ??= setTimer(flushDisplays, UPDATE_EVERY_MS);
}

/** Sends every update that still waits. Called when a cell ends. */
export function flushDisplays(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  for (const [id, { cell, shown }] of waiting) {
    sentAt.set(id, performance.now());
    out(cell, shown, id, true);
  }
  waiting.clear();
}

function showMime(mime: string, value: unknown, id: string | null, update: boolean): void {
  const data = bounded({ [mime]: value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value });
  for (const listener of listeners) listener(value, data);
  show({ data, metadata: {} }, id, update);
}

/** The helpers, bound to one display or (with a null id) showing anew each time. */
function helpers(id: string | null) {
  let shown = false;
  const mime = (type: string) => (value: unknown): void => {
    showMime(type, value, id, id !== null && shown);
    shown = true;
  };
  return {
    html: mime("text/html") as (html: string) => void,
    markdown: mime("text/markdown") as (markdown: string) => void,
    latex: mime("text/latex") as (latex: string) => void,
    svg: mime("image/svg+xml") as (svg: string) => void,
    javascript: mime("text/javascript") as (code: string) => void,
    text: mime("text/plain") as (text: string) => void,
    json: mime("application/json") as (value: unknown) => void,
    png: mime("image/png") as (bytes: Uint8Array) => void,
    jpeg: mime("image/jpeg") as (bytes: Uint8Array) => void,
    gif: mime("image/gif") as (bytes: Uint8Array) => void,
    pdf: mime("application/pdf") as (bytes: Uint8Array) => void,
    /** The kind is read from the first bytes: PNG, JPEG, GIF, WebP or SVG. */
    image: (bytes: Uint8Array): void => {
      const type = imageType(bytes);
      mime(type)(type === "image/svg+xml" ? Buffer.from(bytes).toString("utf8") : bytes);
    },
    raw: (type: string, value: unknown): void => mime(type)(value),
  };
}

export type Display = ReturnType<typeof helpers>;

function displayValue(value: unknown, options: DisplayOptions = {}): string {
  const id = options.id ?? randomBytes(8).toString("hex");
  const data = mimeBundle(value);
  for (const listener of listeners) listener(value, data);
  show({ data, metadata: {} }, id, options.update === true);
  return id;
}

/** Shows a value; returns the display's id. `display.html(…)` and the like show text or bytes of a given kind. */
export const display = Object.assign(displayValue, helpers(null));

/** A display of its own: each call of a helper replaces what the call before showed. */
export const newDisplay = (): Display => helpers(randomBytes(8).toString("hex"));

/** Removes the cell's output; with `wait`, only when the next output comes. */
export function clearOutput(options: { wait?: boolean } = {}): void {
  flushDisplays();
  send(currentCell(), { type: "clear", wait: options.wait === true });
}

/** For an engine whose own `display` ends in a Jupyter message. */
export function writeDisplayData(content: { data: MimeBundle; metadata?: Record<string, unknown>; transient?: { display_id?: string } }, update = false): void {
  const data = bounded(content.data);
  for (const listener of listeners) listener(content.data, data);
  show({ data, metadata: content.metadata ?? {} }, content.transient?.display_id ?? null, update);
}

function imageType(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (start.startsWith("\x89PNG")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("GIF8")) return "image/gif";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "image/webp";
  if (/^\s*<(\?xml|svg)/.test(start)) return "image/svg+xml";
  throw new TypeError("display.image takes the bytes of a PNG, JPEG, GIF, WebP or SVG image; use display.raw(mime, bytes) for another kind");
}
