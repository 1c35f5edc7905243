/**
 * Times as numbers that a model can use.
 */
import { DataType } from "apache-arrow";
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { float64Vector } from "../table/make-vector.js";
import { asNameList } from "../table/name-list.js";
import { replaceColumns } from "../table/replace-columns.js";
import type { NamedColumn } from "../table/replace-columns.js";
import { missingIn, numbersOf } from "../table/values.js";
import { CYCLES, DATE_PARTS, TIME_PARTS, datePart } from "./calendar.js";
import type { DatePart } from "./calendar.js";
import { isText, isYesOrNo, listOf, record } from "./shape.js";
import { Transformer, chosenColumns } from "./transformer.js";
import type { MadeColumn } from "./transformer.js";

/** Options of `datetimeParts`. */
export interface DatetimePartsOptions {
  /** Default: year, month, day, dayOfYear and weekday, and hour and minute where the column has a time of day. */
  parts?: readonly DatePart[];
  /**
   * Parts that start again (all but the year) become two columns each, `<part>_sin` and `<part>_cos`, in which December
   * is next to January and 23 h next to 0 h: all of them (true), or those named. Default false.
   */
  cyclic?: boolean | readonly DatePart[];
  /** Keep the column of times too. Default false. */
  keep?: boolean;
  /** Default: every column of dates or timestamps among the features. */
  columns?: readonly string[];
}

interface TimeColumn {
  name: string;
  parts: { part: DatePart; cyclic: boolean }[];
}

const PARTS: readonly DatePart[] = [...DATE_PARTS, ...TIME_PARTS];
const DEFAULT_DATE: readonly DatePart[] = ["year", "month", "day", "dayOfYear", "weekday"];
const DEFAULT_TIME: readonly DatePart[] = [...DEFAULT_DATE, "hour", "minute"];

/** Year, month, weekday and the like as columns of numbers: see `datetimeParts`. */
export class DatetimeParts extends Transformer<TimeColumn[]> {
  readonly type = "datetimeParts";
  override readonly options: DatetimePartsOptions;

  constructor(options: DatetimePartsOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { parts = null, cyclic = false, keep = false, columns = null } = this.options;
    return { parts, cyclic, keep, columns };
  }

  protected learn(table: Table, all: readonly string[]): TimeColumn[] {
    const { parts, cyclic = false, columns } = this.options;
    checkParts("parts", parts ?? []);
    if (parts !== undefined && parts.length === 0) throw new RunlabError("parts names at least one part", { allowed: PARTS.join(", ") });
    if (typeof cyclic !== "boolean") {
      checkParts("cyclic", cyclic);
      const straight = cyclic.find((part) => CYCLES[part] === undefined || (parts !== undefined && !parts.includes(part)));
      if (straight !== undefined) throw new RunlabError("cyclic names parts that are made and start again", { received: straight, allowed: (parts ?? PARTS).filter((part) => CYCLES[part] !== undefined).join(", ") });
    }
    const isCyclic = (part: DatePart): boolean => CYCLES[part] !== undefined && (typeof cyclic === "boolean" ? cyclic : cyclic.includes(part));
    return chosenColumns("datetimeParts", table, all, columns, (name) => {
      const { type } = table.getChild(name)!;
      return DataType.isDate(type) || DataType.isTimestamp(type);
    }).map((name) => {
      const { type } = table.getChild(name)!;
      // Days have no time of day; dates in milliseconds and timestamps do.
      const chosen = parts ?? (DataType.isDate(type) && type.unit === 0 ? DEFAULT_DATE : DEFAULT_TIME);
      return { name, parts: chosen.map((part) => ({ part, cyclic: isCyclic(part) })) };
    });
  }

  protected needs(state: TimeColumn[]): string[] {
    return state.map((column) => column.name);
  }

  protected made(state: TimeColumn[]): MadeColumn[] {
    return state.flatMap(({ name, parts }) => parts.flatMap(({ part, cyclic }) => namesOf(name, part, cyclic).map((made) => ({ name: made, sources: [name] }))));
  }

  protected isState(state: unknown): state is TimeColumn[] {
    return listOf(record({ name: isText, parts: listOf(record({ part: (part) => PARTS.includes(part as DatePart), cyclic: isYesOrNo })) }))(state)
      && (state as TimeColumn[]).every(({ parts }) => parts.every(({ part, cyclic }) => !cyclic || CYCLES[part] !== undefined));
  }

  protected apply(table: Table, state: TimeColumn[]): Table {
    const { keep = false } = this.options;
    const replaced = new Map<string, NamedColumn[]>();
    for (const { name, parts } of state) {
      const vector = table.getChild(name)!;
      const isTime = DataType.isDate(vector.type) || DataType.isTimestamp(vector.type);
      const empty = vector.nullCount === vector.length;
      if (!isTime && !empty) throw new RunlabError(`column ${JSON.stringify(name)} held dates or timestamps when fitting`, { received: String(vector.type) });
      const milliseconds = empty ? new Float64Array(vector.length).fill(NaN) : numbersOf(vector, name);
      const missing = empty ? new Uint8Array(vector.length).fill(1) : missingIn(vector);
      const made = parts.flatMap(({ part, cyclic }) => {
        const values = datePart(milliseconds, part);
        const names = namesOf(name, part, cyclic);
        const columns = cyclic ? onCircle(values, part) : [values];
        return columns.map((column, i) => ({ name: names[i], vector: float64Vector(column, missing) }));
      });
      replaced.set(name, keep ? [{ name, vector }, ...made] : made);
    }
    return replaceColumns(table, replaced);
  }
}

function checkParts(option: string, parts: readonly DatePart[]): void {
  const strange = asNameList(parts, option).find((part) => !PARTS.includes(part as DatePart));
  if (strange !== undefined) throw new RunlabError(`${option} names no known part of a time`, { received: strange, allowed: PARTS.join(", ") });
}

function namesOf(name: string, part: DatePart, cyclic: boolean): string[] {
  return cyclic ? [`${name}_${part}_sin`, `${name}_${part}_cos`] : [`${name}_${part}`];
}

/** Sine and cosine of a part on its circle, looked up: a part has few values. */
function onCircle(values: Float64Array, part: DatePart): Float64Array[] {
  const { period, first } = CYCLES[part]!;
  return [Math.sin, Math.cos].map((wave) => {
    const table = Float64Array.from({ length: period }, (_, step) => wave((2 * Math.PI * step) / period));
    return values.map((value) => (value === value ? table[value - first] : NaN));
  });
}

/**
 * A step that replaces each column of dates or timestamps by columns of numbers, named `<name>_<part>`, all in UTC.
 * A missing time is missing in each of them.
 *
 * When it misleads: a year seen in testing was often never seen in training, and a tree cannot reach beyond what it has
 * seen; local habits (rush hour) move against UTC with the seasons; a day of 31 fits no month of 30 exactly.
 *
 * @example
 * const table = tableFromColumns({ left: [new Date("2026-01-05T13:30:00Z")] });
 * columnNames(datetimeParts({ parts: ["month", "hour"], cyclic: ["hour"] }).fitTransform(table)); // ["left_month", "left_hour_sin", "left_hour_cos"]
 */
export function datetimeParts(options: DatetimePartsOptions = {}): DatetimeParts {
  return new DatetimeParts(options);
}
