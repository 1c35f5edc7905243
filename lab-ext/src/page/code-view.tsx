/** Code that nobody edits, in JupyterLab's own editor. */
import type { IEditorLanguageRegistry } from "@jupyterlab/codemirror";
import { useEffect, useRef, useState } from "react";

export function CodeView({ text, languages }: { text: string; languages: IEditorLanguageRegistry | null }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [loaded, setLoaded] = useState(false);
  useEffect(() => {
    let gone = false;
    let close: (() => void) | undefined;
    import("../diff/code-merge.js")
      .then(({ showCode }) => showCode(host.current!, text, languages, () => gone))
      .then((dispose) => {
        if (gone) return dispose();
        close = dispose;
        setLoaded(true);
      })
      // Without the editor the text stays as it is.
      .catch(() => undefined);
    return () => {
      gone = true;
      close?.();
    };
  }, [text, languages]);
  return (
    <div className="runlab-CodeView">
      <div ref={host} />
      {!loaded && <pre>{text}</pre>}
    </div>
  );
}
