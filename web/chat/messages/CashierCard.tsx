// An order to pay. Paying happens on the cashier's own page; this card only opens it and tells how the order stands.
import { Button, Card } from "@chatui/core";
import { useEffect, useState } from "react";
import { formatCountdown, formatFen, perPeriod } from "../../shared/format";
import { Icon } from "../../shared/icons";
import { safeUrl } from "../../shared/links";
import { Sheet } from "../sheets/Sheet";
import type { CashierBody, Message } from "../state/types";
import { CardLead } from "./CardLead";

const OVER: Record<string, string> = {
  paid: "支付成功",
  issued: "支付成功",
  expired: "订单已过期",
  cancelled: "订单已取消",
  refunded: "已退款",
  refund_pending: "退款处理中",
};

/** Seconds until `iso`, counted every second; null without a time. */
function useSecondsUntil(iso: string | undefined): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!iso) return;
    const timer = window.setInterval(() => setNow(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, [iso]);
  return iso ? (Date.parse(iso) - now) / 1_000 : null;
}

function PayButton({ url, expiresAt }: { url: string; expiresAt: string | undefined }) {
  const [open, setOpen] = useState(false);
  const left = useSecondsUntil(expiresAt);
  if (left !== null && left <= 0) return <p className="muted">订单已过期，请回复“重新支付”</p>;
  return (
    <>
      <Button color="primary" block onClick={() => setOpen(true)}>
        去支付
      </Button>
      <p className="muted center">
        {left !== null && `请在 ${formatCountdown(left)} 内完成 · `}
        <a href={url} target="_blank" rel="noopener noreferrer">
          在新窗口打开
        </a>
      </p>
      {open && (
        <Sheet title="收银台" onClose={() => setOpen(false)}>
          <iframe className="cashier-frame" title="收银台" src={url} />
        </Sheet>
      )}
    </>
  );
}

export function CashierCard({ message }: { message: Message }) {
  const body = message.body as CashierBody;
  const status = body.status;
  const url = safeUrl(body.url, location.href);
  const over = OVER[status];
  return (
    <>
      <CardLead message={message} unless={body.product_name} />
      <Card className="card cashier">
        <h3>{body.product_name ?? "保费支付"}</h3>
        <p className="amount">
          <small>应付</small>
          <strong>¥{formatFen(body.amount_fen)}</strong>
          {perPeriod(body.frequency)}
        </p>
        <p className="muted with-icon">
          <Icon name="lock" />
          银行卡信息只在收银台填写，聊天里不收
        </p>
        {over ? (
          <p className="done" role="status">
            {over === OVER.paid && <Icon name="check" />}
            {over}
          </p>
        ) : (
          url && <PayButton url={url} expiresAt={body.expires_at} />
        )}
      </Card>
    </>
  );
}
