// A document to be opened, read and confirmed on its own.
import { Button, Card } from "@chatui/core";
import { useState } from "react";
import { Icon } from "../../shared/icons";
import { useChatState } from "../context";
import { DocumentReader } from "../sheets/DocumentReader";
import { isConfirmed } from "../state/selectors";
import type { DocumentBody, Message } from "../state/types";
import { CardLead } from "./CardLead";

export function DocumentCard({ message }: { message: Message }) {
  const body = message.body as DocumentBody;
  const confirmed = isConfirmed(useChatState(), message);
  const [open, setOpen] = useState(false);
  return (
    <>
      <CardLead message={message} unless={body.title} />
      <Card className={body.kind === "exclusions" ? "card document document-exclusions" : "card document"}>
        <p className="document-head">
          <Icon name="document" />
          <span>
            <strong>{body.title}</strong>
            <small className="muted">
              {body.index && body.total ? `第 ${body.index} 份，共 ${body.total} 份` : "文件"}
              {body.version && ` · 版本 ${body.version}`}
            </small>
          </span>
        </p>
        {confirmed ? (
          <p className="done">
            <Icon name="check" />
            已阅读并确认
            <Button variant="text" onClick={() => setOpen(true)}>
              再看一遍
            </Button>
          </p>
        ) : (
          <Button color="primary" block onClick={() => setOpen(true)}>
            打开阅读
          </Button>
        )}
      </Card>
      {open && <DocumentReader document={body} confirmed={confirmed} onClose={() => setOpen(false)} />}
    </>
  );
}
