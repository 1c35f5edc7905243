/** Wires the sidebar: its place, its commands on the selection, its remembered order. */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Clipboard, ICommandPalette } from "@jupyterlab/apputils";
import { ILauncher } from "@jupyterlab/launcher";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { ITranslator, nullTranslator } from "@jupyterlab/translation";
import { Commands, MOST_RUNS } from "../command-names.js";
import { compareIcon, runsIcon } from "../icons.js";
import { RunsSidebar } from "../list/runs-sidebar.js";
import { Selection } from "../list/selection.js";
import { IRunsModel } from "../tokens.js";
import { SETTINGS } from "./settings.js";

export const sidebarPlugin: JupyterFrontEndPlugin<void> = {
  id: SETTINGS,
  description: "The list of runs.",
  autoStart: true,
  requires: [IRunsModel],
  optional: [ISettingRegistry, ILayoutRestorer, ICommandPalette, ITranslator, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    model: IRunsModel,
    registry: ISettingRegistry | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null,
    launcher: ILauncher | null,
  ): void => {
    const { commands, shell } = app;
    const trans = (translator ?? nullTranslator).load("runlab");
    const selection = new Selection();
    let settings: ISettingRegistry.ISettings | null = null;
    const sidebar = new RunsSidebar({
      model,
      selection,
      commands,
      trans,
      order: { sort: "newest", descending: true },
      onOrder: (order) => {
        sidebar.setOrder(order);
        void settings?.set("sort", order.sort).then(() => settings?.set("descending", order.descending));
      },
    });
    sidebar.title.icon = runsIcon;
    sidebar.title.caption = trans.__("Runs");
    shell.add(sidebar, "left", { rank: 550, type: "Runs" });
    restorer?.add(sidebar, sidebar.id);

    void registry?.load(SETTINGS).then(
      (loaded) => {
        settings = loaded;
        sidebar.setOrder({ sort: loaded.get("sort").composite as string, descending: loaded.get("descending").composite as boolean });
      },
      () => undefined,
    );

    commands.addCommand(Commands.show, {
      label: trans.__("Show Runs"),
      caption: trans.__("The list of runs"),
      icon: runsIcon,
      describedBy: { args: { type: "object", properties: {} } },
      execute: () => shell.activateById(sidebar.id),
    });
    commands.addCommand(Commands.compareSelected, {
      label: () => trans._n("Compare %1 Selected Run", "Compare %1 Selected Runs", selection.ids.length),
      icon: compareIcon,
      describedBy: { args: { type: "object", properties: {} } },
      isEnabled: () => selection.ids.length >= 2 && selection.ids.length <= MOST_RUNS,
      // The older run first, so that a change reads as from then to now.
      execute: () => commands.execute(Commands.compare, { ids: [...selection.ids].sort((a, b) => (model.get(a)?.started ?? 0) - (model.get(b)?.started ?? 0) || (a < b ? -1 : 1)) }),
    });
    commands.addCommand(Commands.openSelected, {
      label: trans.__("Open Run"),
      icon: runsIcon,
      describedBy: { args: { type: "object", properties: {} } },
      isEnabled: () => chosen(selection) !== null,
      execute: () => {
        const id = chosen(selection);
        return id === null ? undefined : commands.execute(Commands.open, { id });
      },
    });
    commands.addCommand(Commands.copyId, {
      label: trans.__("Copy Run Id"),
      describedBy: { args: { type: "object", properties: {} } },
      isEnabled: () => chosen(selection) !== null,
      execute: () => Clipboard.copyToSystem(chosen(selection) ?? ""),
    });
    commands.addCommand(Commands.refresh, {
      label: trans.__("Refresh Runs"),
      describedBy: { args: { type: "object", properties: {} } },
      execute: () => model.refresh(),
    });
    selection.changed.connect(() => {
      for (const command of [Commands.compareSelected, Commands.openSelected, Commands.copyId]) commands.notifyCommandChanged(command);
    });
    for (const command of [Commands.show, Commands.compareSelected, Commands.openSelected, Commands.refresh]) palette?.addItem({ command, category: trans.__("Runs") });
    launcher?.add({ command: Commands.show, category: trans.__("Other"), rank: 20 });
  },
};

/** The one run a command is about: the selected one, or the one with the keyboard. */
const chosen = (selection: Selection): string | null => (selection.ids.length === 1 ? selection.ids[0] : selection.active);
