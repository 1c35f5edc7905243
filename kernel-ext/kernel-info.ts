/** Who the kernel says it is. */
import { createRequire } from "node:module";

const manifest = createRequire(import.meta.url)("runlab-kernel/package.json") as { version: string };

export const KERNEL = { name: "runlab", version: manifest.version } as const;

/** What `kernel_info_reply` says of the language. */
export const LANGUAGE_INFO = {
  name: "typescript",
  version: process.versions.node,
  mimetype: "text/typescript",
  file_extension: ".ts",
  pygments_lexer: "typescript",
  codemirror_mode: { name: "javascript", mode: "text/typescript", typescript: true },
  nbconvert_exporter: "script",
} as const;

export const BANNER = `TypeScript (runlab ${KERNEL.version}) on Node ${process.versions.node}. %lsmagic lists the magics.`;
