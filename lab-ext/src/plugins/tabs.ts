/** Wires the two kinds of tab, a diff and a page of a run, and the commands that open them. */
import { type JupyterFrontEnd, type JupyterFrontEndPlugin, ILabShell, ILayoutRestorer } from "@jupyterlab/application";
import { ICommandPalette, IThemeManager, MainAreaWidget, showErrorMessage, WidgetTracker } from "@jupyterlab/apputils";
import { IEditorLanguageRegistry } from "@jupyterlab/codemirror";
import { PathExt } from "@jupyterlab/coreutils";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { ITranslator, nullTranslator } from "@jupyterlab/translation";
import { UUID } from "@lumino/coreutils";
import type { Widget } from "@lumino/widgets";
import { plainText } from "runlab/format";
import { Commands, MOST_RUNS } from "../command-names.js";
import { DiffTab } from "../diff/diff-tab.js";
import { compareIcon, runsIcon } from "../icons.js";
import { isRunId } from "../model/read-record.js";
import { folderOf } from "../model/run-folder.js";
import { StoreFiles } from "../model/store-files.js";
import { RunTab } from "../page/run-tab.js";
import { IDiffPanels, IRunsModel, type PanelServices } from "../tokens.js";
import { noticeWhenSlow } from "./notice.js";

export const tabsPlugin: JupyterFrontEndPlugin<void> = {
  id: "runlab-sidebar:tabs",
  description: "Compares runs and shows a page of one run.",
  autoStart: true,
  requires: [IRunsModel, IDiffPanels, IRenderMimeRegistry],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, ITranslator, IEditorLanguageRegistry, IThemeManager],
  activate: (
    app: JupyterFrontEnd,
    model: IRunsModel,
    panels: IDiffPanels,
    rendermime: IRenderMimeRegistry,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null,
    languages: IEditorLanguageRegistry | null,
    themes: IThemeManager | null,
  ): void => {
    const { commands, shell, serviceManager } = app;
    const trans = (translator ?? nullTranslator).load("runlab");
    const services: PanelServices = { rendermime, languages, themes, trans };
    const diffs = new WidgetTracker<MainAreaWidget<DiffTab>>({ namespace: "runlab-diff" });
    const pages = new WidgetTracker<MainAreaWidget<RunTab>>({ namespace: "runlab-run" });
    const filesOf = (store: string): StoreFiles => new StoreFiles(serviceManager.contents, serviceManager.serverSettings, store);

    const show = (widget: Widget): void => {
      // Notebook 7 has one document in its main area and takes tabs only below it.
      if (!widget.isAttached) shell.add(widget, labShell ? "main" : "down");
      shell.activateById(widget.id);
    };

    const openRun = (id: string, store: string): void => void commands.execute(Commands.open, { id, store });

    commands.addCommand(Commands.compare, {
      label: trans.__("Compare Runs"),
      caption: trans.__("Shows what differs between the runs"),
      icon: compareIcon,
      describedBy: {
        args: {
          type: "object",
          required: ["ids"],
          properties: {
            ids: { type: "array", items: { type: "string" }, minItems: 2, maxItems: MOST_RUNS, description: trans.__("Runs to compare, the one to compare with first") },
            store: { type: "string", description: trans.__("Path of the store; the one in the sidebar when left out") },
          },
        },
      },
      isVisible: (args) => Array.isArray(args.ids),
      execute: async (args) => {
        const ids = Array.isArray(args.ids) ? args.ids.filter(isRunId) : [];
        const store = typeof args.store === "string" ? args.store : model.root;
        if (store === null || ids.length < 2 || ids.length > MOST_RUNS) {
          await showErrorMessage(trans.__("Cannot compare"), trans.__("Comparing takes 2 to %1 runs of one store.", MOST_RUNS));
          return undefined;
        }
        const open = diffs.find(({ content }) => content.store === store && content.ids.join("\n") === ids.join("\n"));
        if (open) {
          show(open);
          return open;
        }
        const content = new DiffTab({ files: filesOf(store), ids, model, panels, services, onOpen: (id) => openRun(id, store) });
        const names = ids.map((id) => plainText(model.root === store ? (model.get(id)?.name ?? "") : "") || shortName(id));
        const widget = tab(content, names.length === 2 ? names.join(" ↔ ") : trans.__("Compare %1 runs", ids.length), ids.join("\n"));
        widget.title.icon = compareIcon;
        await diffs.add(widget);
        show(widget);
        noticeWhenSlow(content.ready, trans.__("Reading the runs…"));
        return widget;
      },
    });

    commands.addCommand(Commands.compareLast, {
      label: trans.__("Compare Last Two Runs"),
      caption: trans.__("Compare the last two runs"),
      icon: compareIcon,
      describedBy: { args: { type: "object", properties: {} } },
      execute: async () => {
        await model.refresh();
        const last = model.records
          .filter((record) => record.parent === null && record.problem === undefined)
          .sort((a, b) => b.started - a.started || (a.id < b.id ? 1 : -1))
          .slice(0, 2);
        if (last.length < 2) {
          await showErrorMessage(trans.__("Nothing to compare yet"), trans.__("Comparing takes two runs: change a flag of the %%run cell and run it again."));
          return undefined;
        }
        return commands.execute(Commands.compare, { ids: last.reverse().map((record) => record.id) });
      },
    });

    commands.addCommand(Commands.open, {
      label: trans.__("Open Run"),
      caption: trans.__("Shows all that was recorded of a run"),
      icon: runsIcon,
      describedBy: {
        args: {
          type: "object",
          required: ["id"],
          properties: {
            id: { type: "string", description: trans.__("Id of the run") },
            store: { type: "string", description: trans.__("Path of the store; the one in the sidebar when left out") },
          },
        },
      },
      isVisible: (args) => typeof args.id === "string",
      execute: async (args) => {
        const { id } = args;
        const store = typeof args.store === "string" ? args.store : model.root;
        if (!isRunId(id) || store === null) {
          await showErrorMessage(trans.__("Cannot open the run"), trans.__("There is no such run in this store."));
          return undefined;
        }
        const open = pages.find(({ content }) => content.store === store && content.runId === id);
        if (open) {
          show(open);
          return open;
        }
        const content = new RunTab({
          files: filesOf(store),
          id,
          model,
          services,
          onRun: (other) => openRun(other, store),
          onFile: (path) => void commands.execute("docmanager:open", { path: PathExt.join(store, folderOf(id), path) }),
          // A notebook's path is relative to the folder that holds the store.
          onNotebook: (path) => {
            const target = PathExt.normalize(PathExt.join(PathExt.dirname(store), path));
            if (!target.startsWith("..")) void commands.execute("docmanager:open", { path: target });
          },
        });
        const name = model.root === store ? model.get(id)?.name : undefined;
        const widget = tab(content, plainText(name || shortName(id)), id);
        widget.title.icon = runsIcon;
        await pages.add(widget);
        show(widget);
        noticeWhenSlow(content.ready, trans.__("Reading the run…"));
        return widget;
      },
    });

    if (restorer) {
      void restorer.restore(diffs, { command: Commands.compare, args: ({ content }) => ({ ids: [...content.ids], store: content.store }), name: ({ content }) => `${content.store}:${content.ids.join(",")}` });
      void restorer.restore(pages, { command: Commands.open, args: ({ content }) => ({ id: content.runId, store: content.store }), name: ({ content }) => `${content.store}:${content.runId}` });
    }
    palette?.addItem({ command: Commands.compareLast, category: trans.__("Runs") });
  },
};

function tab<T extends Widget>(content: T, label: string, caption: string): MainAreaWidget<T> {
  const widget = new MainAreaWidget({ content });
  widget.id = `runlab-${UUID.uuid4()}`;
  widget.title.label = label.length > 40 ? `${label.slice(0, 39)}…` : label;
  widget.title.caption = plainText(caption).replaceAll("\\n", "\n");
  widget.title.closable = true;
  widget.toolbar.hide();
  return widget;
}

/** The part of an id that people call a run by: `forest` of `2026-11-21T10-15-30.123Z__forest__seed42__k3f9`. */
const shortName = (id: string): string => plainText(id.split("__")[1] ?? id);
