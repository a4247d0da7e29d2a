// The sentence before a card. Long texts are the card's plain form for other channels and would only repeat it.
import { Bubble } from "@chatui/core";
import { Linked } from "../../shared/Linked";
import type { Message } from "../state/types";

const LONGEST = 80;

export function CardLead({ message, unless }: { message: Message; unless?: string }) {
  const text = (message.body.text ?? "").trim();
  if (!text || text.includes("\n") || text.length > LONGEST || text === unless) return null;
  return (
    <Bubble>
      <Linked text={text} />
    </Bubble>
  );
}
