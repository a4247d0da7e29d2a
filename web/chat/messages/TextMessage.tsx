// Plain words; addresses in them become links, nothing else does.
import { Bubble } from "@chatui/core";
import { Linked } from "../../shared/Linked";
import type { Message } from "../state/types";

export function TextMessage({ message }: { message: Message }) {
  const text = message.body.text ?? "";
  if (!text) return null;
  return (
    <Bubble>
      <Linked text={text} />
    </Bubble>
  );
}
