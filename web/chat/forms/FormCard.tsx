// A form inside the conversation: open, sent, or replaced by a newer one.
import { Card } from "@chatui/core";
import { Icon } from "../../shared/icons";
import { useChatState } from "../context";
import { CardLead } from "../messages/CardLead";
import { formStatus, VERIFICATION } from "../state/selectors";
import type { Message } from "../state/types";
import { FormFields } from "./FormFields";
import type { FormBody } from "./types";
import { VerificationForm } from "./VerificationForm";

export function FormCard({ message }: { message: Message }) {
  const body = message.body as unknown as FormBody;
  const status = formStatus(useChatState(), message);
  const title = body.title ?? "请填写";
  return (
    <>
      <CardLead message={message} unless={title} />
      <Card className="card form-card" data-form={body.form_id} data-status={status}>
        <h3>{title}</h3>
        {status === "submitted" && (
          <p className="done">
            <Icon name="check" />
            已提交
          </p>
        )}
        {status === "replaced" && <p className="muted">这张表已更新，请填写下面最新的一张。</p>}
        {status === "open" &&
          (body.form_id === VERIFICATION ? <VerificationForm /> : <FormFields body={body} />)}
      </Card>
    </>
  );
}
