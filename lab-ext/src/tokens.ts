/** What other extensions may use: the runs of the store, and the table of diff panels. */
import type { TranslationBundle } from "@jupyterlab/translation";
import type { IEditorLanguageRegistry } from "@jupyterlab/codemirror";
import type { IThemeManager } from "@jupyterlab/apputils";
import type { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { Token } from "@lumino/coreutils";
import type { IDisposable } from "@lumino/disposable";
import type { ISignal } from "@lumino/signaling";
import type { ComponentType } from "react";
import type { DiffSection, RunDiff } from "runlab/diff";
import type { IndexRecord } from "runlab/format";

/**
 * `looking`: the store is being searched or read for the first time; `none`: there is no store above the notebook;
 * `ready`: `records` is what the store holds; `failed`: the store cannot be read now (`problem` says why) and `records`
 * is what was last read.
 */
export type RunsState = "looking" | "none" | "ready" | "failed";

/** The runs of one store, kept up to date while the page is visible. */
export interface IRunsModel {
  /** Contents path of the store folder (`lab/models`); null when there is none. */
  readonly root: string | null;
  readonly state: RunsState;
  readonly problem: string | null;
  /** Every run that is not deleted, in no particular order. The array is replaced, never changed, on an update. */
  readonly records: readonly IndexRecord[];
  /** Goes up by one with every change; lets a view tell whether it is up to date. */
  readonly version: number;
  readonly changed: ISignal<IRunsModel, void>;
  get(id: string): IndexRecord | undefined;
  /** Looks at the store now rather than at the next poll. Never rejects: a failure is in `state`. */
  refresh(): Promise<void>;
}

export const IRunsModel = new Token<IRunsModel>("runlab-sidebar:IRunsModel", "The runs of the store above the active notebook.");

/** What a panel may use besides its section. */
export interface PanelServices {
  rendermime: IRenderMimeRegistry;
  languages: IEditorLanguageRegistry | null;
  themes: IThemeManager | null;
  trans: TranslationBundle;
}

export interface PanelProps<S extends DiffSection = DiffSection> {
  section: S;
  runs: RunDiff["runs"];
  /** Show what the runs agree on, too. */
  everything: boolean;
  services: PanelServices;
}

/** Draws the sections of one kind; a section whose kind has no panel is shown by its summary alone. */
export interface DiffPanel<S extends DiffSection = DiffSection> {
  kind: S["kind"];
  Component: ComponentType<PanelProps<S>>;
}

/** The table of panels; the panel added last for a kind is the one that is used. */
export interface IDiffPanels {
  add<S extends DiffSection>(panel: DiffPanel<S>): IDisposable;
  get(kind: string): DiffPanel | undefined;
}

export const IDiffPanels = new Token<IDiffPanels>("runlab-sidebar:IDiffPanels", "How each kind of section of a diff is drawn.");
