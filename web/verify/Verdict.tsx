// What the check found.
import { formatMoment } from "../shared/format";
import { Icon } from "../shared/icons";

export interface VerdictBody {
  valid: boolean;
  reason?: string | null;
  policy?: Record<string, unknown> | null;
}

const LABELS: Record<string, string> = {
  policy_no: "保单号",
  product_name: "产品",
  status: "状态",
  holder_masked: "投保人",
  insured_masked: "被保险人",
  issued_at: "出单时间",
  effective_at: "生效时间",
  ends_at: "保障至",
};

const STATUSES: Record<string, string> = {
  not_yet_effective: "尚未生效",
  in_force: "有效",
  ended: "已满期",
  withdrawn: "犹豫期内已解除",
  surrendered: "已退保",
};

function text(name: string, value: unknown): string {
  if (name === "status") return STATUSES[String(value)] ?? String(value);
  return name.endsWith("_at") ? formatMoment(String(value)) : String(value);
}

export function Verdict({ verdict }: { verdict: VerdictBody }) {
  const known = Object.entries(verdict.policy ?? {}).filter(([name, value]) => LABELS[name] && value);
  return (
    <section className={verdict.valid ? "verdict verdict-valid" : "verdict verdict-invalid"}>
      <h2>
        <Icon name={verdict.valid ? "check" : "warning"} />
        {verdict.valid ? "查验通过" : "查验未通过"}
      </h2>
      {verdict.reason && <p>{verdict.reason}</p>}
      {known.length > 0 && (
        <dl>
          {known.map(([name, value]) => (
            <div key={name}>
              <dt>{LABELS[name]}</dt>
              <dd>{text(name, value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
