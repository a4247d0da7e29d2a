// Counts what arrived while the tab was in the background, in the tab's title.
import { useEffect, useRef } from "react";
import { useChatState } from "./context";

const TITLE = document.title;

export function useUnreadTitle(): void {
  const { messages } = useChatState();
  const seenSeq = useRef(0);
  useEffect(() => {
    const show = () => {
      const last = messages.at(-1)?.seq ?? 0;
      if (!document.hidden || seenSeq.current === 0) seenSeq.current = last;
      const unread = messages.filter((one) => one.seq > seenSeq.current && one.sender !== "customer").length;
      document.title = unread > 0 ? `(${unread}) ${TITLE}` : TITLE;
    };
    show();
    document.addEventListener("visibilitychange", show);
    return () => document.removeEventListener("visibilitychange", show);
  }, [messages]);
}
