/** The tab with the page of one run; follows the run while it is live. */
import { ReactWidget } from "@jupyterlab/ui-components";
import { LiveReload } from "../model/live-reload.js";
import { type LoadedRun, loadRun } from "../model/run-folder.js";
import type { StoreFiles } from "../model/store-files.js";
import type { IRunsModel, PanelServices } from "../tokens.js";
import { RunPage } from "./run-page.js";

export interface RunTabOptions {
  files: StoreFiles;
  id: string;
  model: IRunsModel;
  services: PanelServices;
  onFile(path: string): void;
  onRun(id: string): void;
  onNotebook(path: string): void;
}

export class RunTab extends ReactWidget {
  readonly runId: string;
  readonly store: string;
  /** Settles when the run was read for the first time, well or not. */
  readonly ready: Promise<void>;
  private run: LoadedRun | null = null;
  private problem: string | null = null;
  private readonly live: LiveReload;

  constructor(private readonly options: RunTabOptions) {
    super();
    this.runId = options.id;
    this.store = options.files.root;
    this.addClass("runlab-RunTab");
    this.addClass("runlab-Page");
    this.live = new LiveReload(this, options.model, options.files.root, () => this.load());
    this.ready = this.load();
  }

  override dispose(): void {
    this.live.dispose();
    super.dispose();
  }

  private async load(): Promise<void> {
    try {
      this.run = await loadRun(this.options.files, this.runId);
      this.problem = null;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    if (this.isDisposed) return;
    this.live.follow(this.run?.document.meta.status === "running");
    this.update();
  }

  protected override render(): JSX.Element {
    const { services, onFile, onRun, onNotebook } = this.options;
    const problems = [...(this.problem === null ? [] : [this.problem]), ...(this.run?.document.problems ?? [])];
    return (
      <>
        {problems.map((problem) => (
          <div key={problem} className="runlab-Problem" role="alert">
            {problem}
          </div>
        ))}
        {this.run ? (
          <RunPage run={this.run} services={services} onFile={onFile} onRun={onRun} onNotebook={onNotebook} />
        ) : (
          <div className="runlab-Empty">{this.problem === null ? services.trans.__("Reading the run…") : services.trans.__("Run %1 cannot be shown.", this.runId)}</div>
        )}
      </>
    );
  }
}
