// One question of a list, with how far the customer is, or the summary before the last "yes".
import { Card } from "@chatui/core";
import { Linked } from "../../shared/Linked";
import type { Message, QuestionBody } from "../state/types";
import { CardLead } from "./CardLead";
import { RowTable } from "./RowTable";

function Progress({ index, total }: { index: number; total: number }) {
  return (
    <p className="progress">
      <progress value={index} max={total} aria-label={`第 ${index} 题，共 ${total} 题`} />
      <span>
        {index}/{total}
      </span>
    </p>
  );
}

export function QuestionCard({ message }: { message: Message }) {
  const { index, total, summary, text } = message.body as QuestionBody;
  if (summary) {
    return (
      <>
        <CardLead message={message} />
        <Card className="card">
          {summary.map((section) => (
            <section key={section.title}>
              <h3>{section.title}</h3>
              <RowTable rows={section.rows} />
            </section>
          ))}
        </Card>
      </>
    );
  }
  return (
    <Card className="card question">
      {index && total ? <Progress index={index} total={total} /> : null}
      <p className="pre">
        <Linked text={text ?? ""} />
      </p>
    </Card>
  );
}
