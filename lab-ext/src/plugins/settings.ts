/** The plugin whose schema holds the settings of the extension. */
export const SETTINGS = "runlab-sidebar:sidebar";
