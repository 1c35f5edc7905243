/** Tables for notebooks: HTML where it is shown, aligned text elsewhere. Everything is escaped: a run's name is data. */
import { escapeHtml, plainText } from "runlab/format";
import type { MimeBundle } from "./magic.js";

/** @param rows cells as text, one row per array; the first row may be named by `head` */
export function tableBundle(head: string[], rows: string[][], title: string, after = ""): MimeBundle {
  const clean = rows.map((row) => row.map((cell) => plainText(cell)));
  const widths = head.map((name, i) => Math.max(name.length, ...clean.map((row) => row[i]?.length ?? 0)));
  const line = (row: string[]): string => row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd();
  const text = [title, ...(head.some((name) => name !== "") ? [line(head)] : []), ...clean.map(line), after].filter((part) => part !== "");
  const cells = (row: string[], tag: "th" | "td"): string => row.map((cell) => `<${tag} style="text-align:left">${escapeHtml(cell)}</${tag}>`).join("");
  const html = [
    title === "" ? "" : `<p>${escapeHtml(title)}</p>`,
    "<table>",
    head.some((name) => name !== "") ? `<thead><tr>${cells(head, "th")}</tr></thead>` : "",
    `<tbody>${clean.map((row) => `<tr>${cells(row, "td")}</tr>`).join("")}</tbody></table>`,
    after === "" ? "" : `<p>${escapeHtml(after)}</p>`,
  ].join("");
  return { "text/html": html, "text/plain": text.join("\n") };
}
