// A warning about fraud or a risk: never only by colour.
import { Icon } from "../../shared/icons";
import { Linked } from "../../shared/Linked";
import type { Message } from "../state/types";

export function WarningCard({ message }: { message: Message }) {
  const level = String(message.body.level ?? "high");
  return (
    <div className={`warning warning-${level}`} role="note">
      <Icon name="warning" />
      <div>
        <strong>{level === "high" ? "风险提醒" : "温馨提示"}</strong>
        <p className="pre">
          <Linked text={message.body.text ?? ""} />
        </p>
      </div>
    </div>
  );
}
