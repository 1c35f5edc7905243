/** The number of runs in the status bar; a click shows them. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IStatusBar, TextItem } from "@jupyterlab/statusbar";
import { ITranslator, type TranslationBundle, nullTranslator } from "@jupyterlab/translation";
import { ReactWidget } from "@jupyterlab/ui-components";
import type { CommandRegistry } from "@lumino/commands";
import { Commands } from "../command-names.js";
import { useVersion } from "../text/use-version.js";
import { IRunsModel } from "../tokens.js";

export const statusPlugin: JupyterFrontEndPlugin<void> = {
  id: "runlab-sidebar:status",
  description: "The number of runs in the status bar.",
  autoStart: true,
  requires: [IRunsModel, IStatusBar],
  optional: [ITranslator],
  activate: ({ commands }: JupyterFrontEnd, model: IRunsModel, statusBar: IStatusBar, translator: ITranslator | null): void => {
    const trans = (translator ?? nullTranslator).load("runlab");
    const item = ReactWidget.create(<Count model={model} commands={commands} trans={trans} />);
    item.addClass("jp-mod-highlighted");
    statusBar.registerStatusItem("runlab-sidebar:status", { item, align: "left", rank: 9, isActive: () => model.root !== null, activeStateChanged: model.changed as never });
  },
};

function Count({ model, commands, trans }: { model: IRunsModel; commands: CommandRegistry; trans: TranslationBundle }): JSX.Element {
  useVersion(model);
  const count = model.records.length;
  const live = model.records.reduce((sum, record) => sum + (record.status === "running" ? 1 : 0), 0);
  const text = trans._n("%1 run", "%1 runs", count) + (live > 0 ? ` · ${trans.__("%1 live", live)}` : "");
  return <TextItem source={text} title={trans.__("Show the runs")} onClick={() => void commands.execute(Commands.show)} role="button" tabIndex={0} />;
}
