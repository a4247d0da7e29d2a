// What is seen before a conversation is open, and when it cannot be opened.
import { Button } from "@chatui/core";

export function Starting() {
  return (
    <p className="boot" role="status">
      正在打开禾屿助手…
    </p>
  );
}

export function StartFailed({ text, onAgain }: { text: string; onAgain: () => void }) {
  return (
    <div className="boot" role="alert">
      <p>{text}</p>
      <Button color="primary" onClick={onAgain}>
        重试
      </Button>
    </div>
  );
}
