/** The run folder for readers and writers alike. Pure: runs in a browser, imports nothing from Node. */
export * from "./types.js";
export { canonicalJson } from "./canonical-json.js";
export { runCardBundle, type MimeBundle } from "./card.js";
export { crc32 } from "./crc32.js";
export { loadRunDocument, type ReadFile } from "./document.js";
export { FilterError, matches, parseFilter, type Filter, type FilterOperator, type FilterTerm } from "./filter.js";
export { historyLine, parseHistory } from "./history.js";
export { shortId } from "./id.js";
export { checkMeta, own, setMember, type CheckedMeta } from "./meta.js";
export { newerOf } from "./newer-record.js";
export { escapeHtml, formatDuration, formatNumber, formatValue, plainText } from "./text.js";
export { codeInput, configInput, dataInput, environmentInput, withoutMagic } from "./inputs.js";
