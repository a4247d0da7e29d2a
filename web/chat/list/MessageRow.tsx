// One message of the log: who said it, what it shows, the buttons under it.
import { memo } from "react";
import { Icon } from "../../shared/icons";
import { useChat } from "../context";
import { ButtonRow } from "../messages/ButtonRow";
import { viewOf } from "../messages/registry";
import { TextMessage } from "../messages/TextMessage";
import type { Message, Sender } from "../state/types";

const NAMES: Record<Sender, string> = {
  assistant: "禾屿助手 · AI",
  agent: "人工客服",
  system: "系统消息",
  customer: "我",
};

/** Shown as one bubble that is as wide as its words, with a button to copy them. */
function isPlain({ type, sender, body }: Message): boolean {
  return (sender === "customer" || viewOf(type) === TextMessage) && Boolean(body.text);
}

function CopyButton({ text }: { text: string }) {
  const { client } = useChat();
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => client.dispatch({ type: "notice", text: "已复制" }),
      () => client.dispatch({ type: "notice", text: "复制失败，请长按文字选择" }),
    );
  return (
    <button type="button" className="copy" aria-label="复制这条消息" title="复制" onClick={copy}>
      <Icon name="copy" />
    </button>
  );
}

export const MessageRow = memo(({ message, showName }: { message: Message; showName: boolean }) => {
  const own = message.sender === "customer";
  const plain = isPlain(message);
  const View = own ? TextMessage : viewOf(message.type);
  return (
    <article
      className={`row row-${message.sender}`}
      data-seq={message.seq}
      data-type={message.type}
      data-own={own}
      data-turn={message.reply_to ?? message.message_id}
      aria-label={NAMES[message.sender]}
    >
      {showName && !own && message.sender !== "system" && <p className="row-name">{NAMES[message.sender]}</p>}
      <div className={plain ? "row-body fitting" : "row-body"}>
        <View message={message} />
        {plain && navigator.clipboard && <CopyButton text={message.body.text ?? ""} />}
      </div>
      {!own && <ButtonRow message={message} buttons={message.body.buttons ?? []} />}
    </article>
  );
});
