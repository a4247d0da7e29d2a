// A short remark over the composer that goes away by itself.
import { useEffect } from "react";
import { useChat, useChatState } from "./context";

const SHOWN_MS = 5_000;

export function Notice() {
  const { client } = useChat();
  const { notice } = useChatState();
  useEffect(() => {
    if (!notice) return;
    const timer = window.setTimeout(() => client.dispatch({ type: "notice", text: null }), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [client, notice]);
  return (
    <div className="notice-place" role="status" aria-live="polite">
      {notice && <p className="notice">{notice}</p>}
    </div>
  );
}
