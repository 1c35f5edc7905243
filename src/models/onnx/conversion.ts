/**
 * What a converter gets: a fitted model, or a fitted step, as data, and the graph so far.
 */
import type { Label } from "../../metrics/index.js";
import type { FeatureSpec } from "../features.js";
import type { Frame } from "./frame.js";

export interface Conversion {
  /** The columns that the model is to find, in the graph. */
  readonly frame: Frame;
  /** As in the model's document. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly state: Record<string, unknown>;
  readonly features: readonly FeatureSpec[];
  /** A classifier's labels. */
  readonly classes: readonly Label[];
}

/** Adds a model's nodes and outputs to the graph. */
export type ModelConverter = (conversion: Conversion) => void;

export interface StepConversion {
  /** The columns that the step is to find; the converter changes them as the step does. */
  readonly frame: Frame;
  /** As in the step's document. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly state: unknown;
  /** Names of the columns that the step makes, by the column they are made from, in order. */
  readonly made: readonly { readonly name: string; readonly sources: readonly string[] }[];
}

/** Changes the columns of a frame as a fitted step does. */
export type StepConverter = (conversion: StepConversion) => void;
