// The issued policy: number, who, from when to when, the cooling-off day, the document.
import { Card } from "@chatui/core";
import { formatMoment } from "../../shared/format";
import { Icon } from "../../shared/icons";
import { safeUrl } from "../../shared/links";
import type { Message, PolicyBody, Row } from "../state/types";
import { CardLead } from "./CardLead";
import { RowTable } from "./RowTable";
import { SaveButton } from "./SaveButton";

function rowsOf(policy: PolicyBody): Row[] {
  const rows: [string, string | null | undefined][] = [
    ["保单号", policy.policy_no],
    ["被保险人", policy.insured_masked],
    ["生效时间", policy.effective_at && formatMoment(policy.effective_at)],
    ["保障至", policy.ends_at && formatMoment(policy.ends_at)],
    ["犹豫期至", policy.cooling_off_until && formatMoment(policy.cooling_off_until)],
  ];
  return rows.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

export function PolicyCard({ message }: { message: Message }) {
  const policy = message.body as PolicyBody;
  const verify = safeUrl(policy.verify_url, location.href);
  return (
    <>
      <CardLead message={message} />
      <Card className="card policy">
        <p className="policy-head">
          <Icon name="shield" />
          电子保单
        </p>
        <h3>{policy.product_name}</h3>
        <RowTable rows={rowsOf(policy)} />
        <p className="card-actions">
          <SaveButton url={policy.download_url} name={`${policy.policy_no}.pdf`}>
            下载电子保单
          </SaveButton>
          {verify && (
            <a className="Btn" href={verify} target="_blank" rel="noopener noreferrer">
              保单验真
            </a>
          )}
        </p>
      </Card>
    </>
  );
}
