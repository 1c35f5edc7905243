/** Wires the renderers of runs and diffs in notebook outputs. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IThemeManager, showErrorMessage } from "@jupyterlab/apputils";
import { IEditorLanguageRegistry } from "@jupyterlab/codemirror";
import { PageConfig } from "@jupyterlab/coreutils";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { ITranslator, nullTranslator } from "@jupyterlab/translation";
import { RUN_CARD_MIME, RUN_DIFF_MIME } from "runlab/format";
import { DiffRenderer } from "../card/diff-output.js";
import { type CardActions, RunCardRenderer } from "../card/run-card.js";
import { Commands } from "../command-names.js";
import { storeOfCard } from "../model/find-store.js";
import { IDiffPanels, IRunsModel } from "../tokens.js";

/** Before JupyterLab's own renderers of tables and text, which are the fall-backs of the same output. */
const RANK = 10;

export const cardsPlugin: JupyterFrontEndPlugin<void> = {
  id: "runlab-sidebar:cards",
  description: "Draws run cards and diffs in notebook outputs.",
  autoStart: true,
  requires: [IRunsModel, IDiffPanels, IRenderMimeRegistry],
  optional: [ITranslator, IEditorLanguageRegistry, IThemeManager],
  activate: (
    app: JupyterFrontEnd,
    model: IRunsModel,
    panels: IDiffPanels,
    rendermime: IRenderMimeRegistry,
    translator: ITranslator | null,
    languages: IEditorLanguageRegistry | null,
    themes: IThemeManager | null,
  ): void => {
    const { commands, serviceManager } = app;
    /** The notebook that an output is in, as its resolver of relative addresses knows it. */
    const pathOf = (resolver: IRenderMime.IResolver | null): string => serviceManager.contents.localPath((resolver as { path?: string } | null)?.path ?? "");
    const trans = (translator ?? nullTranslator).load("runlab");

    /** Runs a command on the store a card names, or says that it cannot be reached from here. */
    const onStore = (store: string, notebook: string, run: (root: string) => void): void => {
      const root = storeOfCard(store, notebook, PageConfig.getOption("serverRoot"));
      if (root !== null) run(root);
      else void showErrorMessage(trans.__("The run cannot be shown"), trans.__("Its store lies outside the folder that this server shows: %1", store));
    };
    const actions: CardActions = {
      model,
      trans,
      onOpen: (id, store, notebook) => onStore(store, notebook, (root) => void commands.execute(Commands.open, { id, store: root })),
      onCompare: (ids, store, notebook) => onStore(store, notebook, (root) => void commands.execute(Commands.compare, { ids, store: root })),
    };
    rendermime.addFactory({ safe: true, mimeTypes: [RUN_CARD_MIME], defaultRank: RANK, createRenderer: (options) => new RunCardRenderer(actions, pathOf(options.resolver)) });
    rendermime.addFactory({ safe: true, mimeTypes: [RUN_DIFF_MIME], defaultRank: RANK, createRenderer: () => new DiffRenderer(panels, { rendermime, languages, themes, trans }) });
  },
};
