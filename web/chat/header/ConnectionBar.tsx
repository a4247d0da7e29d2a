// Says when the connection is gone; what is typed meanwhile waits.
import { useEffect, useState } from "react";
import { useChatState } from "../context";

const PATIENCE_MS = 1_500;

export function ConnectionBar() {
  const { connection, outbox } = useChatState();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (connection === "online") return setShown(false);
    const timer = window.setTimeout(() => setShown(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, [connection]);
  const waiting = outbox.filter((item) => item.status !== "failed").length;
  return (
    <div role="status" aria-live="polite">
      {shown && (
        <p className="connection-bar">
          {connection === "connecting" ? "正在连接…" : "网络已断开，正在重新连接…"}
          {waiting > 0 && ` ${waiting} 条消息将在连上后自动发送`}
        </p>
      )}
    </div>
  );
}
