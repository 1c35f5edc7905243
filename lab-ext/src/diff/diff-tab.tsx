/** The tab that compares runs: loads their folders, follows those that are live, keeps its place. */
import { ReactWidget } from "@jupyterlab/ui-components";
import { diffRuns, type RunDiff } from "runlab/diff";
import type { RunDocument } from "runlab/format";
import { loadRun } from "../model/run-folder.js";
import type { StoreFiles } from "../model/store-files.js";
import type { IDiffPanels, IRunsModel, PanelServices } from "../tokens.js";
import { LiveReload } from "../model/live-reload.js";
import { DiffView } from "./diff-view.js";

export interface DiffTabOptions {
  files: StoreFiles;
  ids: readonly string[];
  model: IRunsModel;
  panels: IDiffPanels;
  services: PanelServices;
  onOpen(id: string): void;
}

export class DiffTab extends ReactWidget {
  readonly ids: readonly string[];
  readonly store: string;
  /** Settles when the runs were read for the first time, well or not. */
  readonly ready: Promise<void>;
  private documents = new Map<string, RunDocument>();
  private diff: RunDiff | null = null;
  private problems: string[] = [];
  private everything = false;
  private readonly live: LiveReload;

  constructor(private readonly options: DiffTabOptions) {
    super();
    this.ids = options.ids;
    this.store = options.files.root;
    this.addClass("runlab-Diff");
    this.addClass("runlab-Page");
    this.live = new LiveReload(this, options.model, options.files.root, () => this.load());
    this.ready = this.load();
  }

  override dispose(): void {
    this.live.dispose();
    super.dispose();
  }

  /** Reads the runs that can still change, and on the first time all of them. */
  private async load(): Promise<void> {
    const problems: string[] = [];
    await Promise.all(
      this.ids.map(async (id) => {
        const known = this.documents.get(id);
        if (known && known.meta.status !== "running") return;
        try {
          const { document } = await loadRun(this.options.files, id);
          this.documents.set(id, document);
        } catch (error) {
          problems.push(`${id}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }),
    );
    if (this.isDisposed) return;
    const documents = this.ids.map((id) => this.documents.get(id)).filter((document) => document !== undefined);
    this.problems = [...problems, ...documents.flatMap((document) => document.problems.map((problem) => `${document.meta.id}: ${problem}`))];
    this.diff = documents.length > 1 ? diffRuns(documents) : null;
    this.live.follow(documents.some((document) => document.meta.status === "running"));
    this.update();
  }

  protected override render(): JSX.Element {
    const { panels, services, onOpen } = this.options;
    return (
      <>
        {this.problems.map((problem) => (
          <div key={problem} className="runlab-Problem" role="alert">
            {problem}
          </div>
        ))}
        {this.diff ? (
          <DiffView
            diff={this.diff}
            panels={panels}
            services={services}
            onOpen={onOpen}
            everything={this.everything}
            onEverything={(everything) => {
              this.everything = everything;
              this.update();
            }}
          />
        ) : (
          <div className="runlab-Empty">{this.problems.length > 0 ? services.trans.__("Fewer than two of these runs can be read, so there is nothing to compare.") : services.trans.__("Reading the runs…")}</div>
        )}
      </>
    );
  }
}
