/**
 * What every cell can use without an import, as TypeScript declarations: the language service includes this text, so
 * completion, hover and type errors know it. The names that `runlab` exports come on top of these.
 */
export const GLOBALS_DECLARATION = `
interface DisplayHelpers {
  html(html: string): void;
  markdown(markdown: string): void;
  latex(latex: string): void;
  svg(svg: string): void;
  javascript(code: string): void;
  text(text: string): void;
  json(value: unknown): void;
  png(bytes: Uint8Array): void;
  jpeg(bytes: Uint8Array): void;
  gif(bytes: Uint8Array): void;
  pdf(bytes: Uint8Array): void;
  /** The kind is read from the first bytes: PNG, JPEG, GIF, WebP or SVG. */
  image(bytes: Uint8Array): void;
  /** Text, bytes or JSON under any MIME type. */
  raw(mime: string, value: unknown): void;
}
/**
 * Shows a value below the cell: tables, plots, anything with \`toHTML()\` or \`[Symbol.for("Jupyter.display")]()\`.
 * Returns the id of the display; \`display(value, { id, update: true })\` replaces what stands there, also from inside a loop.
 */
declare const display: DisplayHelpers & ((value: unknown, options?: { id?: string; update?: boolean }) => string);
/** A display of its own: each call of a helper replaces what the call before showed. */
declare function newDisplay(): DisplayHelpers;
/** Removes the cell's output; with \`wait\`, only when the next output comes. */
declare function clearOutput(options?: { wait?: boolean }): void;
/** Asks the user for a line of text and waits for it. */
declare function prompt(text?: string, options?: { password?: boolean }): string;
interface Comm {
  readonly id: string;
  readonly target: string;
  onMessage: ((data: any, buffers: Uint8Array[]) => void) | null;
  onClose: ((data: any) => void) | null;
  send(data: unknown, buffers?: Uint8Array[]): void;
  close(data?: unknown): void;
}
/** Messages between a cell and a widget or extension of the frontend. */
declare const comms: {
  open(target: string, data?: unknown, options?: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] }): Comm;
  register(name: string, target: (comm: Comm, data: any) => void): () => void;
};
`;
