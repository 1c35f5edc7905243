/**
 * Parts of dates and times as ONNX: the arithmetic of `preprocess/calendar.ts` on tensors.
 */
import { CYCLES, type DatePart } from "../../preprocess/calendar.js";
import type { StepConversion } from "./conversion.js";
import { cast, joined } from "./frame.js";
import type { Graph } from "./graph.js";

interface TimeColumn {
  readonly name: string;
  readonly parts: readonly { readonly part: DatePart; readonly cyclic: boolean }[];
}

export function datetimeParts({ frame, state, params, made }: StepConversion): void {
  for (const { name, parts } of state as readonly TimeColumn[]) {
    const clock = new Clock(frame.graph, frame.numbers([name]));
    const names = made.filter((column) => column.sources[0] === name && column.name !== name).map((column) => column.name);
    const tensors = parts.flatMap(({ part, cyclic }) => (cyclic ? clock.onCircle(part) : [clock.part(part)]));
    if (params["keep"] !== true) frame.remove(name);
    frame.setNumbers(names, joined(frame.graph, tensors));
  }
}

/** One column of milliseconds since 1970, and what was computed of it. */
class Clock {
  readonly #graph: Graph;
  readonly #milliseconds: string;
  #civil: { year: string; month: string; day: string } | null = null;

  constructor(graph: Graph, milliseconds: string) {
    this.#graph = graph;
    this.#milliseconds = milliseconds;
  }

  part(part: DatePart): string {
    switch (part) {
      case "hour": return this.#within(3_600_000, 24);
      case "minute": return this.#within(60_000, 60);
      case "second": return this.#within(1000, 60);
      case "weekday": return this.#remainder(this.#plus(this.#days(), 3), 7);
      case "year": return this.#date().year;
      case "month": return this.#date().month;
      case "day": return this.#date().day;
      case "quarter": return this.#quotient(this.#plus(this.#date().month, 2), 3);
      case "dayOfYear": return this.#dayOfYear();
    }
  }

  /** Sine and cosine of a part on its circle, looked up, NaN where it is missing. */
  onCircle(part: DatePart): string[] {
    const graph = this.#graph;
    const { period, first } = CYCLES[part]!;
    const value = this.part(part);
    const missing = graph.node("IsNaN", [value]);
    const place = cast(graph, graph.node("Where", [missing, graph.number(0), this.#plus(value, -first)]), "int64");
    return [Math.sin, Math.cos].map((wave) => {
      const table = graph.constant({ type: "double", dims: [period], values: Array.from({ length: period }, (_, step) => wave((2 * Math.PI * step) / period)) });
      return graph.node("Where", [missing, value, graph.node("Gather", [table, place], { axis: { int: 0 } })]);
    });
  }

  #days(): string {
    return this.#quotient(this.#milliseconds, 86_400_000);
  }

  #within(unit: number, period: number): string {
    return this.#remainder(this.#quotient(this.#milliseconds, unit), period);
  }

  /** Years of 400 that start in March, so that the leap day comes last. */
  #date(): { year: string; month: string; day: string } {
    if (this.#civil !== null) return this.#civil;
    const graph = this.#graph;
    const days = this.#plus(this.#days(), 719_468);
    const era = this.#quotient(days, 146_097);
    const dayOfEra = this.#minus(days, this.#times(era, 146_097));
    const leaps = this.#minus(this.#sum(this.#minus(dayOfEra, this.#quotient(dayOfEra, 1460)), this.#quotient(dayOfEra, 36_524)), this.#quotient(dayOfEra, 146_096));
    const yearOfEra = this.#quotient(leaps, 365);
    const before = this.#minus(this.#sum(this.#times(yearOfEra, 365), this.#quotient(yearOfEra, 4)), this.#quotient(yearOfEra, 100));
    const dayOfYear = this.#minus(dayOfEra, before);
    const shifted = this.#quotient(this.#plus(this.#times(dayOfYear, 5), 2), 153);
    const spring = graph.node("Less", [shifted, graph.number(10)]);
    const month = graph.node("Where", [spring, this.#plus(shifted, 3), this.#plus(shifted, -9)]);
    const late = cast(graph, graph.node("LessOrEqual", [month, graph.number(2)]), "double");
    this.#civil = {
      year: this.#sum(this.#sum(yearOfEra, this.#times(era, 400)), late),
      month,
      day: this.#plus(this.#minus(dayOfYear, this.#quotient(this.#plus(this.#times(shifted, 153), 2), 5)), 1),
    };
    return this.#civil;
  }

  /** Days before the month, one more after February of a leap year. */
  #dayOfYear(): string {
    const graph = this.#graph;
    const { year, month, day } = this.#date();
    const missing = graph.node("IsNaN", [month]);
    const place = cast(graph, graph.node("Where", [missing, graph.number(0), this.#plus(month, -1)]), "int64");
    const before = graph.node("Gather", [graph.constant({ type: "double", dims: [12], values: [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] }), place], { axis: { int: 0 } });
    const divides = (by: number): string => graph.node("Equal", [this.#remainder(year, by), graph.number(0)]);
    const leap = graph.node("Or", [graph.node("And", [divides(4), graph.node("Not", [divides(100)])]), divides(400)]);
    const after = graph.node("And", [leap, graph.node("Greater", [month, graph.number(2)])]);
    return this.#sum(this.#sum(before, cast(graph, after, "double")), day);
  }

  #plus(a: string, b: number): string {
    return this.#graph.node("Add", [a, this.#graph.number(b)]);
  }

  #times(a: string, b: number): string {
    return this.#graph.node("Mul", [a, this.#graph.number(b)]);
  }

  #sum(a: string, b: string): string {
    return this.#graph.node("Add", [a, b]);
  }

  #minus(a: string, b: string): string {
    return this.#graph.node("Sub", [a, b]);
  }

  #quotient(a: string, b: number): string {
    return this.#graph.node("Floor", [this.#graph.node("Div", [a, this.#graph.number(b)])]);
  }

  #remainder(a: string, b: number): string {
    return this.#minus(a, this.#times(this.#quotient(a, b), b));
  }
}
