// A premium and what it is made of.
import { Card } from "@chatui/core";
import { formatFen, perPeriod } from "../../shared/format";
import type { Message, QuoteBody } from "../state/types";
import { CardLead } from "./CardLead";
import { RowTable } from "./RowTable";

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
        {typeof body.total_fen === "number" && body.total_fen !== body.premium_fen && (
          <p className="total">
            <span>交费期内合计</span>
            <strong>¥{formatFen(body.total_fen)}</strong>
          </p>
        )}
      </Card>
    </>
  );
}
