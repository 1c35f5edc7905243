/** Reads the data of a run card; a notebook may hold anything under its MIME type. */
import type { RunCard, RunStatus } from "runlab/format";

const STATUSES: readonly RunStatus[] = ["running", "finished", "failed", "interrupted", "crashed"];

/** The card with every field of the kind the types promise; null when it does not even name a run. */
export function readCard(data: unknown): RunCard | null {
  if (!isObject(data) || typeof data.id !== "string") return null;
  return {
    id: data.id,
    name: text(data.name) ?? "",
    status: STATUSES.includes(data.status as RunStatus) ? (data.status as RunStatus) : "crashed",
    store: text(data.store) ?? "",
    seed: number(data.seed) ?? 0,
    seed_drawn: data.seed_drawn === true,
    started_at: text(data.started_at) ?? "",
    duration_ms: number(data.duration_ms),
    main_metric: text(data.main_metric),
    metrics: members(data.metrics, (value) => typeof value === "number"),
    metric_directions: members(data.metric_directions, (value) => typeof value === "boolean"),
    flags: members(data.flags, () => true),
    inputs: [],
    history_points: number(data.history_points) ?? 0,
    previous: text(data.previous),
    error: isObject(data.error) ? { name: text(data.error.name) ?? "Error", message: text(data.error.message) ?? "" } : null,
  };
}

function members<T>(value: unknown, fits: (member: unknown) => boolean): Record<string, T> {
  return isObject(value) ? (Object.fromEntries(Object.entries(value).filter(([, member]) => fits(member))) as Record<string, T>) : {};
}

const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === "object" && !Array.isArray(value);
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const number = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);
