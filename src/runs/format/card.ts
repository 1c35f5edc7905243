/** A run card for a notebook, with fall-backs that any viewer can show. */
import { shortId } from "./id.js";
import { escapeHtml, formatDuration, formatNumber, formatValue, plainText } from "./text.js";
import { RUN_CARD_MIME, type RunCard } from "./types.js";

export interface MimeBundle {
  [mime: string]: unknown;
}

/**
 * The card as a MIME bundle: data for the sidebar's own renderer, a table in HTML (no script, no style sheet, all text
 * escaped) and aligned plain text.
 */
export function runCardBundle(card: RunCard): MimeBundle {
  const rows = cardRows(card);
  return { [RUN_CARD_MIME]: card, "text/html": cardHtml(card, rows), "text/plain": cardText(card, rows) };
}

function cardRows(card: RunCard): [label: string, value: string][] {
  const rows: [string, string][] = [];
  for (const [name, value] of Object.entries(card.metrics)) rows.push([name, formatNumber(value)]);
  rows.push(["seed", `${card.seed}${card.seed_drawn ? " (drawn)" : ""}`]);
  for (const [name, value] of Object.entries(card.flags)) if (name !== "seed") rows.push([name, formatValue(value)]);
  for (const input of card.inputs) {
    const size = input.rows === null ? "" : ` (${input.rows.toLocaleString("en-US")} rows${input.role === "sample" ? ", sample" : ""})`;
    rows.push(["data", input.path + size]);
  }
  if (card.duration_ms !== null) rows.push(["duration", formatDuration(card.duration_ms)]);
  if (card.history_points > 0) rows.push(["history", `${card.history_points} ${card.history_points === 1 ? "point" : "points"}`]);
  if (card.error !== null) rows.push(["error", `${card.error.name}: ${card.error.message}`]);
  rows.push(["id", card.id]);
  return rows;
}

function cardText(card: RunCard, rows: [string, string][]): string {
  const title = `run ${plainText(shortId(card.id))}: ${card.status}`;
  const width = Math.min(24, Math.max(...rows.map(([label]) => plainText(label).length)));
  return [title, ...rows.map(([label, value]) => `  ${plainText(label).padEnd(width)}  ${plainText(value)}`)].join("\n");
}

function cardHtml(card: RunCard, rows: [string, string][]): string {
  const body = rows.map(
    ([label, value]) => `<tr><th scope="row" style="text-align:left">${escapeHtml(plainText(label))}</th><td style="text-align:left">${escapeHtml(plainText(value))}</td></tr>`,
  );
  const caption = `<caption style="text-align:left"><strong>${escapeHtml(plainText(card.name || "run"))}</strong> ${escapeHtml(card.status)}</caption>`;
  return `<table>${caption}<tbody>${body.join("")}</tbody></table>`;
}
