// Something of the customer's that the gateway has not acknowledged yet.
import { Bubble } from "@chatui/core";
import { useChat } from "../context";
import type { Outgoing } from "../state/types";

export function OutgoingRow({ item }: { item: Outgoing }) {
  const { client } = useChat();
  const id = item.client_msg_id;
  return (
    <article className="row row-customer" data-own="true" data-status={item.status} aria-label="我">
      <div className="row-body">
        <Bubble>{item.text}</Bubble>
      </div>
      {item.status === "failed" ? (
        <p className="row-failed" role="alert">
          <span>未发送：{item.error}</span>
          <button type="button" onClick={() => client.retry(id)}>
            重新发送
          </button>
          <button type="button" onClick={() => client.drop(id)}>
            删除
          </button>
        </p>
      ) : (
        <p className="row-sending">{item.status === "sending" ? "发送中…" : "等待发送"}</p>
      )}
    </article>
  );
}
