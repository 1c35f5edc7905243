/** Wires the model: where the store is looked for and what makes it look again. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import type { KernelMessage } from "@jupyterlab/services";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { RUN_CARD_MIME } from "runlab/format";
import { storeOfCard } from "../model/find-store.js";
import { RunsModel } from "../model/runs-model.js";
import { IRunsModel } from "../tokens.js";
import { SETTINGS } from "./settings.js";

export const modelPlugin: JupyterFrontEndPlugin<IRunsModel> = {
  id: "runlab-sidebar:model",
  description: "The runs of the store above the active notebook.",
  autoStart: true,
  provides: IRunsModel,
  optional: [INotebookTracker, ISettingRegistry],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker | null, registry: ISettingRegistry | null): IRunsModel => {
    const { contents, serverSettings } = app.serviceManager;
    const model = new RunsModel(contents, serverSettings);
    model.poll(2);

    const settings = registry?.load(SETTINGS).then(
      async (loaded) => {
        const apply = (): Promise<void> => {
          model.poll(loaded.get("pollSeconds").composite as number);
          return model.fix(loaded.get("store").composite as string);
        };
        loaded.changed.connect(() => void apply());
        await apply();
      },
      () => undefined,
    );
    void Promise.all([app.restored, settings]).then(() => model.follow(notebooks?.currentWidget?.context.path ?? ""));

    notebooks?.currentChanged.connect((_, panel) => {
      if (panel) void model.follow(panel.context.path);
    });
    notebooks?.widgetAdded.connect((_, panel) => {
      panel.sessionContext.iopubMessage.connect((__, message) => heard(model, notebooks, panel, message));
    });
    return model;
  },
};

/** A kernel that shows a run card has just written to its store. */
function heard(model: RunsModel, notebooks: INotebookTracker, panel: NotebookPanel, message: KernelMessage.IMessage): void {
  const { data } = message.content as { data?: Record<string, unknown> };
  const card = data?.[RUN_CARD_MIME] as { store?: unknown } | undefined;
  if (card === undefined) return;
  const root = typeof card.store === "string" ? storeOfCard(card.store, model.contents.localPath(panel.context.path), PageConfig.getOption("serverRoot")) : null;
  if (root !== null && root !== model.root && notebooks.currentWidget === panel) void model.show(root);
  else model.refreshSoon();
}
