// Where the customer writes. Enter sends, Shift+Enter breaks the line, an input method's Enter does neither.
import { Button, Input } from "@chatui/core";
import { type KeyboardEvent, useState } from "react";
import { useChat, useChatState } from "../context";
import { QuickPhrases } from "./QuickPhrases";

export const TEXT_LIMIT = 2000;
const COUNT_FROM = 1800;

export function Composer() {
  const { client } = useChat();
  const { conversation } = useChatState();
  const [text, setText] = useState("");
  const ready = text.trim() !== "";

  const send = () => {
    if (!ready) return;
    client.sendText(text.trim());
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229)
      return;
    event.preventDefault();
    send();
  };
  const onChange = (value: string) => {
    setText(value);
    if (value) client.writing();
  };

  return (
    <footer className="composer">
      <QuickPhrases withHuman={conversation === "BOT" || conversation === "CLOSED"} />
      <div className="composer-line">
        <Input
          className="composer-input"
          aria-label="输入消息"
          aria-describedby="composer-count"
          placeholder="请输入您的问题"
          rows={1}
          maxRows={5}
          autoSize
          maxLength={TEXT_LIMIT}
          showCount={false}
          enterKeyHint="send"
          value={text}
          onChange={onChange}
          onKeyDown={onKeyDown}
        />
        <Button className="composer-send" color="primary" disabled={!ready} onClick={send}>
          发送
        </Button>
      </div>
      <p id="composer-count" className="composer-count" aria-live="polite">
        {text.length >= COUNT_FROM &&
          `${text.length}/${TEXT_LIMIT}${text.length >= TEXT_LIMIT ? "，已到上限" : ""}`}
      </p>
    </footer>
  );
}
