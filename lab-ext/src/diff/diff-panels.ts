/** The table of panels: how each kind of section is drawn. */
import { DisposableDelegate, type IDisposable } from "@lumino/disposable";
import type { DiffSection } from "runlab/diff";
import type { DiffPanel, IDiffPanels } from "../tokens.js";
import { codePanel } from "./code-panel.js";
import { curvesPanel } from "./curves-panel.js";
import { plotsPanel } from "./plots-panel.js";
import { tablePanel } from "./table-panel.js";

export class DiffPanels implements IDiffPanels {
  private readonly panels: DiffPanel[] = [];

  add<S extends DiffSection>(panel: DiffPanel<S>): IDisposable {
    const row = panel as unknown as DiffPanel;
    this.panels.push(row);
    return new DisposableDelegate(() => {
      this.panels.splice(this.panels.indexOf(row), 1);
    });
  }

  get(kind: string): DiffPanel | undefined {
    return this.panels.findLast((panel) => panel.kind === kind);
  }
}

/** The table with the panels of the extension itself; another kind of section is one row more. */
export function ownPanels(): DiffPanels {
  const panels = new DiffPanels();
  panels.add(tablePanel);
  panels.add(curvesPanel);
  panels.add(codePanel);
  panels.add(plotsPanel);
  return panels;
}
