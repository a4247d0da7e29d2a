// A premium and what it is made of.
import { Card } from "@chatui/core";
import { formatFen, perPeriod } from "../../shared/format";
import type { Message, QuoteBody } from "../state/types";
import { CardLead } from "./CardLead";
import { RowTable } from "./RowTable";

/** Whether the total is worth a line: neither the premium itself nor in a row already. */
function isNews({ total_fen, premium_fen, rows }: QuoteBody): boolean {
  if (total_fen === undefined || total_fen === premium_fen) return false;
  return !(rows ?? []).some((row) => row.value.includes(formatFen(total_fen)));
}

export function QuoteCard({ message }: { message: Message }) {
  const body = message.body as QuoteBody;
  return (
    <>
      <CardLead message={message} />
      <Card className="card">
        <h3>{body.product.name}</h3>
        <p className="amount">
          <small>保费</small>
          <strong>¥{formatFen(body.premium_fen)}</strong>
          {perPeriod(body.frequency)}
        </p>
        <RowTable rows={body.rows ?? []} />
        {isNews(body) && (
          <p className="total">
            <span>交费期内合计</span>
            <strong>¥{formatFen(body.total_fen ?? 0)}</strong>
          </p>
        )}
      </Card>
    </>
  );
}
