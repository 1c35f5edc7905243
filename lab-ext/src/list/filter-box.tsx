/** The filter's text box, with a mistake marked where it is. */
import type { TranslationBundle } from "@jupyterlab/translation";
import { type Filter, FilterError, parseFilter } from "runlab/format";
import { useRef, useState } from "react";

interface FilterBoxProps {
  /** Called with every filter that can be read; while there is a mistake the last good one stays in force. */
  onFilter(filter: Filter): void;
  trans: TranslationBundle;
}

export function FilterBox({ onFilter, trans }: FilterBoxProps): JSX.Element {
  const [text, setText] = useState("");
  const [mistake, setMistake] = useState<{ position: number; message: string } | null>(null);
  const [scroll, setScroll] = useState(0);
  const input = useRef<HTMLInputElement>(null);

  const change = (next: string): void => {
    setText(next);
    try {
      onFilter(parseFilter(next));
      setMistake(null);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      setMistake({ position: error instanceof FilterError ? error.position : 1, message: error.message });
    }
  };
  const clear = (): void => {
    change("");
    input.current?.focus();
  };

  return (
    <div className="runlab-Filter">
      <div className="runlab-Filter-box" data-mistake={mistake !== null}>
        <input
          ref={input}
          type="text"
          spellCheck={false}
          aria-label={trans.__("Filter runs")}
          aria-invalid={mistake !== null}
          aria-describedby={mistake ? "runlab-filter-mistake" : undefined}
          placeholder={trans.__("Filter: forest accuracy>0.9")}
          title={trans.__('Words, "quoted words", -not, accuracy>0.9, status:finished, seed:42, age<2h, duration>90s')}
          value={text}
          onChange={(event) => change(event.target.value)}
          onScroll={(event) => setScroll(event.currentTarget.scrollLeft)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && text !== "") {
              event.stopPropagation();
              clear();
            }
          }}
        />
        {mistake && (
          <div className="runlab-Filter-mirror" aria-hidden="true">
            <div style={{ transform: `translateX(${-scroll}px)` }}>
              {text.slice(0, mistake.position - 1)}
              <span className="runlab-Filter-place">{text.slice(mistake.position - 1) || "\u00a0\u00a0"}</span>
            </div>
          </div>
        )}
        {text !== "" && (
          <button type="button" className="runlab-Filter-clear" aria-label={trans.__("Clear the filter")} title={trans.__("Clear the filter")} onClick={clear}>
            ×
          </button>
        )}
      </div>
      {mistake && (
        <div id="runlab-filter-mistake" className="runlab-Filter-mistake" role="alert">
          {mistake.message}
        </div>
      )}
    </div>
  );
}
