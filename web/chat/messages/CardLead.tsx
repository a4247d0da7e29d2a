// The sentence before a card. Long texts are the card's plain form for other channels and would only repeat it.
import { Bubble } from "@chatui/core";
import { Linked } from "../../shared/Linked";
import type { Message } from "../state/types";

const LONGEST = 80;

/** `unless`: words that the card shows itself; a sentence with them is left out. */
export function CardLead({ message, unless }: { message: Message; unless?: string }) {
  const text = (message.body.text ?? "").trim();
  const repeats = unless !== undefined && text.includes(unless);
  if (!text || text.includes("\n") || text.length > LONGEST || repeats) return null;
  return (
    <Bubble>
      <Linked text={text} />
    </Bubble>
  );
}
