/** Draws a vega-lite specification with the renderer that JupyterLab has anyway. */
import { MimeModel } from "@jupyterlab/rendermime";
import { Widget } from "@lumino/widgets";
import { useEffect, useRef, useState } from "react";
import type { PanelServices } from "../tokens.js";
import { chartConfig } from "./chart-theme.js";
import { safeSpec } from "./safe-spec.js";

export const VEGALITE_MIME = "application/vnd.vegalite.v5+json";

/** What the renderer puts around a chart, left and right together: pixels. */
const FRAME = 12;

interface ChartProps {
  spec: Record<string, unknown>;
  /** What the chart shows, for those who do not see it. */
  label: string;
  services: PanelServices;
}

export function Chart({ spec, label, services: { rendermime, themes, trans } }: ChartProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  const text = JSON.stringify(spec);
  useEffect(() => {
    const node = host.current!;
    if (rendermime.preferredMimeType({ [VEGALITE_MIME]: {} }, "any") === undefined) {
      setFailed(true);
      return;
    }
    const renderer = rendermime.createRenderer(VEGALITE_MIME);
    Widget.attach(renderer, node);
    const parsed = JSON.parse(text) as Record<string, unknown>;
    let width = 0;
    const draw = (): void => {
      width = node.clientWidth;
      // A hidden tab has no width; it is drawn when it gets one.
      if (width === 0) return;
      const shown = safeSpec(parsed);
      if (shown.width === "container") shown.width = width - FRAME;
      // Expressions are interpreted, not compiled to code; an image that is there already tells the renderer not to make one.
      const options = { actions: false, renderer: "svg", ast: true, config: chartConfig(node) };
      const model = new MimeModel({
        data: { [VEGALITE_MIME]: shown as never, "image/png": "-" },
        metadata: { [VEGALITE_MIME]: { embed_options: options } as never },
        trusted: true,
      });
      renderer.renderModel(model).then(
        () => setFailed(false),
        () => setFailed(true),
      );
    };
    draw();
    themes?.themeChanged.connect(draw);
    const fluid = parsed.width === "container";
    const resized = new ResizeObserver(() => {
      if (width === 0 || (fluid && Math.abs(node.clientWidth - width) > 4)) draw();
    });
    resized.observe(node);
    return () => {
      resized.disconnect();
      themes?.themeChanged.disconnect(draw);
      Widget.detach(renderer);
      renderer.dispose();
    };
  }, [text, rendermime, themes]);
  return (
    <div className="runlab-Chart" role="img" aria-label={label}>
      <div ref={host} hidden={failed} />
      {failed && <div className="runlab-Chart-failed">{trans.__("This chart cannot be drawn.")}</div>}
    </div>
  );
}
