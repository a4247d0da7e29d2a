// Label and value, line by line.
import type { Row } from "../state/types";

export function RowTable({ rows }: { rows: Row[] }) {
  return (
    <dl className="rows">
      {rows.map((row) => (
        <div key={`${row.label}-${row.value}`}>
          <dt>{row.label}</dt>
          <dd>{row.value}</dd>
        </div>
      ))}
    </dl>
  );
}
