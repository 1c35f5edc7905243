/** A diff in the output of a cell (`%diff`): the same view as the tab, from the data in the notebook. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { ReactWidget } from "@jupyterlab/ui-components";
import type { RunDiff } from "runlab/diff";
import { RUN_DIFF_MIME } from "runlab/format";
import { Component, type ReactNode } from "react";
import { DiffView } from "../diff/diff-view.js";
import type { IDiffPanels, PanelServices } from "../tokens.js";

export class DiffRenderer extends ReactWidget implements IRenderMime.IRenderer {
  private diff: RunDiff | null = null;
  private everything = false;

  constructor(
    private readonly panels: IDiffPanels,
    private readonly services: PanelServices,
  ) {
    super();
    this.addClass("runlab-DiffOutput");
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const data = model.data[RUN_DIFF_MIME] as unknown as Partial<RunDiff> | undefined;
    this.diff = data && Array.isArray(data.runs) && Array.isArray(data.inputs) && Array.isArray(data.sections) ? (data as RunDiff) : null;
    this.update();
    await this.renderPromise;
  }

  protected override render(): JSX.Element {
    const unreadable = <div className="runlab-Note">{this.services.trans.__("This diff cannot be read.")}</div>;
    if (this.diff === null) return unreadable;
    return (
      <Fallback note={unreadable}>
        <DiffView
          diff={this.diff}
          panels={this.panels}
          services={this.services}
          everything={this.everything}
          onEverything={(everything) => {
            this.everything = everything;
            this.update();
          }}
        />
      </Fallback>
    );
  }
}

/** Data of the right outline may still be wrong further in. */
class Fallback extends Component<{ note: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override render(): ReactNode {
    return this.state.failed ? this.props.note : this.props.children;
  }
}
