/** Two texts side by side in JupyterLab's own editor, unchanged stretches folded. Loaded on first use. */
import { MergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { type IEditorLanguageRegistry, jupyterTheme } from "@jupyterlab/codemirror";

/** What an editor needs to show code that nobody edits. */
export async function readOnlyCode(languages: IEditorLanguageRegistry | null): Promise<Extension[]> {
  const found = languages?.findByMIME("text/typescript") ?? languages?.findByMIME("text/javascript");
  const language = found ? await languages!.getLanguage(found) : null;
  return [jupyterTheme, lineNumbers(), EditorView.lineWrapping, EditorView.editable.of(false), EditorState.readOnly.of(true), ...(language?.support ? [language.support] : [])];
}

/**
 * Puts the two texts into `host`.
 *
 * @param isGone asked after loading: the view may have been closed in the meantime
 * @returns removes the view
 */
export async function showMerge(host: HTMLElement, before: string, after: string, languages: IEditorLanguageRegistry | null, isGone: () => boolean): Promise<() => void> {
  const extensions = await readOnlyCode(languages);
  if (isGone()) return () => undefined;
  const view = new MergeView({
    a: { doc: before, extensions },
    b: { doc: after, extensions },
    parent: host,
    collapseUnchanged: { margin: 3, minSize: 4 },
    highlightChanges: true,
    gutter: true,
    // A minified line of a megabyte must not stop the page.
    diffConfig: { scanLimit: 2000, timeout: 300 },
  });
  return () => view.destroy();
}

/** One text, for a page of a run. */
export async function showCode(host: HTMLElement, text: string, languages: IEditorLanguageRegistry | null, isGone: () => boolean): Promise<() => void> {
  const extensions = await readOnlyCode(languages);
  if (isGone()) return () => undefined;
  const view = new EditorView({ doc: text, extensions, parent: host });
  return () => view.destroy();
}
