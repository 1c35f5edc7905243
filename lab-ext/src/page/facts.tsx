/** Names and values in two aligned columns. */
import type { ReactNode } from "react";

export function Facts({ rows }: { rows: readonly (readonly [name: string, value: ReactNode])[] }): JSX.Element {
  return (
    <dl className="runlab-Facts">
      {rows.map(([name, value], i) => (
        <div key={`${i} ${name}`}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
