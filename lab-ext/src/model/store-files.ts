/** Reading files below one store folder through the Jupyter server. */
import { PathExt } from "@jupyterlab/coreutils";
import { type Contents, ServerConnection } from "@jupyterlab/services";

export interface FolderEntry {
  name: string;
  folder: boolean;
  bytes: number;
}

/** What `tail` brought: the bytes from the asked offset on, or the whole file when the server gave no part of it. */
export interface Tail {
  bytes: Uint8Array;
  whole: boolean;
}

/**
 * Reads through the download address first (no JSON around the bytes, a range can be asked for) and through the
 * Contents API when that is refused: a link that leads out of the server's root is 403 on the one and fine on the other.
 */
export class StoreFiles {
  constructor(
    readonly contents: Contents.IManager,
    readonly settings: ServerConnection.ISettings,
    /** Contents path of the store folder, such as `lab/models`. */
    readonly root: string,
  ) {}

  /** Path of a file of the store for the Contents API. */
  path(relative: string): string {
    return PathExt.join(this.root, relative);
  }

  /** What a folder holds; null when there is no such folder. Never ask for `runs/` itself: it may hold 100,000 folders. */
  async list(relative: string): Promise<FolderEntry[] | null> {
    try {
      const model = await this.contents.get(this.path(relative), { type: "directory", content: true });
      return (model.content as Contents.IModel[]).map(({ name, type, size }) => ({ name, folder: type === "directory", bytes: size ?? 0 }));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** A file as text; null when there is none. */
  async text(relative: string): Promise<string | null> {
    const response = await this.download(relative, {});
    if (response?.ok) return response.text();
    if (response?.status === 404) return null;
    return this.contentsText(relative);
  }

  /** A file from byte `offset` on; null when there is none. */
  async tail(relative: string, offset: number): Promise<Tail | null> {
    const response = await this.download(relative, offset > 0 ? { Range: `bytes=${offset}-` } : {});
    if (response?.ok) return { bytes: new Uint8Array(await response.arrayBuffer()), whole: response.status !== 206 };
    if (response?.status === 404) return null;
    const text = await this.contentsText(relative);
    return text === null ? null : { bytes: new TextEncoder().encode(text), whole: true };
  }

  private async download(relative: string, headers: Record<string, string>): Promise<Response | null> {
    try {
      const url = await this.contents.getDownloadUrl(this.path(relative));
      const init: RequestInit = { method: "GET", cache: "no-store", headers };
      // JupyterLite hands out blob: addresses, which are not the server's.
      return url.startsWith("blob:") ? await fetch(url) : await ServerConnection.makeRequest(url, init, this.settings);
    } catch {
      return null;
    }
  }

  private async contentsText(relative: string): Promise<string | null> {
    try {
      const model = await this.contents.get(this.path(relative), { type: "file", format: "text", content: true });
      return model.content as string;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof ServerConnection.ResponseError && error.response.status === 404;
}
