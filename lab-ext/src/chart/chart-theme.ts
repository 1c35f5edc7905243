/** The colours of a chart, taken from the theme of the page when it is drawn. */

/**
 * Colours of runs, by their place in a diff; told apart with the common kinds of colour blindness and readable on white
 * and on black (after Okabe and Ito, the yellow left out).
 */
export const RUN_COLORS = ["#0b84d8", "#e8710a", "#1a9e76", "#c65b9a", "#8a6fe8", "#b8860b", "#d1453b", "#6b7a8f"] as const;

/** Configuration for vega-lite that follows `--jp-*`; a specification's own configuration wins over it. */
export function chartConfig(node: Element): Record<string, unknown> {
  const style = getComputedStyle(node);
  const variable = (name: string): string => style.getPropertyValue(name).trim();
  const text = variable("--jp-ui-font-color1");
  const muted = variable("--jp-ui-font-color2");
  const line = variable("--jp-border-color2");
  const font = variable("--jp-ui-font-family");
  return {
    background: "transparent",
    font,
    view: { stroke: "transparent" },
    title: { color: text, fontSize: 12, fontWeight: 600, anchor: "start" },
    axis: { labelColor: muted, titleColor: muted, gridColor: line, domainColor: line, tickColor: line, gridOpacity: 0.6, labelFontSize: 11, titleFontSize: 11, titleFontWeight: "normal" },
    legend: { labelColor: text, titleColor: muted, labelFontSize: 11, titleFontSize: 11 },
    header: { labelColor: text, titleColor: muted },
    text: { color: text },
  };
}
