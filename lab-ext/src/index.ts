/** The plugins of the extension; each can be switched off by itself. */
import { cardsPlugin } from "./plugins/cards.js";
import { modelPlugin } from "./plugins/model.js";
import { panelsPlugin } from "./plugins/panels.js";
import { sidebarPlugin } from "./plugins/sidebar.js";
import { statusPlugin } from "./plugins/status.js";
import { tabsPlugin } from "./plugins/tabs.js";

export { Commands } from "./command-names.js";
export * from "./tokens.js";

export default [modelPlugin, panelsPlugin, tabsPlugin, sidebarPlugin, cardsPlugin, statusPlugin];
