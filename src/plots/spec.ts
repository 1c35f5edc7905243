/**
 * What every plot is: a vega-lite specification, valid as version 5, so that JupyterLab shows it without more.
 */

/** A specification as plain data: its values are in it, it names no address, and it computes nothing. */
export type PlotSpec = Record<string, unknown>;

/** The version each specification says it is of. A name, not an address that is fetched. */
export const VEGA_LITE_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";

/**
 * A specification of one look: no background and no colours of its own where the theme has some, a title, and a
 * description for those who do not see it.
 */
export function plotSpec(title: string, description: string, rest: PlotSpec): PlotSpec {
  return { $schema: VEGA_LITE_SCHEMA, title, description, background: null, ...rest };
}

/** A number as descriptions write it. */
export function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
