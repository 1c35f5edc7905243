/** Provides the table of diff panels, so that another extension can add a kind or draw one in its own way. */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ownPanels } from "../diff/diff-panels.js";
import { IDiffPanels } from "../tokens.js";

export const panelsPlugin: JupyterFrontEndPlugin<IDiffPanels> = {
  id: "runlab-sidebar:panels",
  description: "How each kind of section of a diff is drawn.",
  autoStart: true,
  provides: IDiffPanels,
  activate: () => ownPanels(),
};
