/** What every test of the sidebar needs: a folder of its own with a store, and the sidebar open on it. */
import "./clock.js";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import galataModule from "@jupyterlab/galata";
import type { IJupyterLabPageFixture } from "@jupyterlab/galata";
import type { Locator } from "@playwright/test";
import { openStore, type Store } from "runlab/runs";

const { test: base, expect, galata } = galataModule;

export class Sidebar {
  constructor(readonly page: IJupyterLabPageFixture) {}

  get root(): Locator {
    return this.page.locator("#runlab-sidebar");
  }
  get list(): Locator {
    return this.root.getByRole("listbox", { name: "Runs" });
  }
  get rows(): Locator {
    return this.list.getByRole("option");
  }
  get names(): Locator {
    return this.list.locator(".runlab-Row-name");
  }
  get filter(): Locator {
    return this.root.getByRole("textbox", { name: "Filter runs" });
  }
  get compare(): Locator {
    return this.root.getByRole("button", { name: /^Compare/ });
  }
  row(name: string): Locator {
    return this.rows.filter({ has: this.page.locator(".runlab-Row-name").getByText(name, { exact: true }) });
  }

  async open(): Promise<void> {
    await this.page.sidebar.openTab("runlab-sidebar");
    await expect(this.root).toBeVisible();
  }

  async theme(name: "JupyterLab Light" | "JupyterLab Dark" | "JupyterLab Dark High Contrast"): Promise<void> {
    await this.page.theme.setTheme(name);
  }
}

interface LabFixtures {
  /** The test's folder from the server's root. */
  folder: string;
  /** The same folder on the disk. */
  place: string;
  store: Store;
  sidebar: Sidebar;
  /** Everything the page reported as an error. */
  complaints: string[];
}

export const test = base.extend<LabFixtures>({
  // Playwright reads the names of the fixtures from the pattern, an empty one included.
  // eslint-disable-next-line no-empty-pattern
  folder: async ({}, use, info) => {
    await use(`${info.titlePath.slice(1).join(" ").toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60)}-${info.repeatEachIndex}-${info.retry}`);
  },
  place: async ({ folder }, use) => {
    const place = join(process.env.RUNLAB_LAB_HOME!, "files", folder);
    mkdirSync(place, { recursive: true });
    await use(place);
  },
  store: async ({ place }, use) => {
    mkdirSync(join(place, "models", "runs", "index"), { recursive: true });
    const store = openStore(join(place, "models"));
    await use(store);
    store.dispose();
  },
  mockSettings: async ({ folder }, use) => {
    await use({ ...galata.DEFAULT_SETTINGS, "runlab-sidebar:sidebar": { store: `${folder}/models`, pollSeconds: 0.5 } });
  },
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await use(complaints);
  },
  sidebar: async ({ page, store: _store }, use) => {
    const sidebar = new Sidebar(page);
    await sidebar.open();
    await use(sidebar);
  },
});

/** A picture for people to look at, in `screenshots/`; compared with nothing, because fonts differ between machines. */
export async function picture(target: Locator | IJupyterLabPageFixture, name: string): Promise<void> {
  await target.screenshot({ path: fileURLToPath(new URL(`screenshots/${name}.png`, import.meta.url)) });
}

export { expect };
