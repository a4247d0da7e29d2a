// The conversation itself: one log, newest at the bottom, older pages loaded upwards.
import { Button, Typing } from "@chatui/core";
import { useMemo } from "react";
import { formatClock, formatDay } from "../../shared/format";
import { Icon } from "../../shared/icons";
import { useChat, useChatState } from "../context";
import { MessageRow } from "./MessageRow";
import { OutgoingRow } from "./OutgoingRow";
import { type Row, timeline } from "./timeline";
import { useScroll } from "./useScroll";
import { Welcome } from "./Welcome";

function ListRow({ row }: { row: Row }) {
  switch (row.kind) {
    case "day":
      return (
        <p className="day-line">
          {formatDay(row.at, Date.now())} {formatClock(row.at)}
        </p>
      );
    case "time":
      return <p className="day-line">{formatClock(row.at)}</p>;
    case "message":
      return <MessageRow message={row.message} showName={row.showName} />;
    case "outgoing":
      return <OutgoingRow item={row.item} />;
  }
}

export function MessageList() {
  const { client } = useChat();
  const state = useChatState();
  const { box, away, unseen, onScroll, toEnd } = useScroll();
  const rows = useMemo(() => timeline(state.messages, state.outbox), [state.messages, state.outbox]);
  return (
    <main className="list-place">
      <div
        ref={box}
        className="list"
        role="log"
        aria-live="polite"
        aria-label="对话"
        aria-busy={!state.ready || state.loadingEarlier}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        {state.hasEarlier && (
          <Button
            className="earlier"
            variant="text"
            loading={state.loadingEarlier}
            onClick={() => client.loadEarlier()}
          >
            {state.loadingEarlier ? "正在加载…" : "查看更早的消息"}
          </Button>
        )}
        {state.ready && state.messages.length === 0 && <Welcome />}
        {rows.map((row) => (
          <ListRow key={row.key} row={row} />
        ))}
        {state.typing && (
          <div className="row row-assistant">
            <Typing text={state.conversation === "HUMAN" ? "客服正在输入" : "正在处理"} />
          </div>
        )}
      </div>
      {away && (
        <button
          type="button"
          className="to-end"
          aria-label={unseen > 0 ? undefined : "回到最新"}
          onClick={toEnd}
        >
          {unseen > 0 && `${unseen} 条新消息`}
          <Icon name="down" />
        </button>
      )}
    </main>
  );
}
