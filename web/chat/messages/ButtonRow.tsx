// The choices under a message. Only ids leave the page; after an answer they are shown but dead.
import { Button } from "@chatui/core";
import { useChat, useChatState } from "../context";
import { clickedButton, isAnswered } from "../state/selectors";
import type { ButtonSpec, Message } from "../state/types";

export function ButtonRow({ message, buttons }: { message: Message; buttons: ButtonSpec[] }) {
  const { client } = useChat();
  const state = useChatState();
  if (buttons.length === 0) return null;
  const over = isAnswered(state, message);
  const clicked = clickedButton(state, message);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that repeats the question
    <div className="buttons" role="group" aria-label="可选回答">
      {buttons.map((button) => (
        <Button
          key={button.id}
          className={button.id === clicked ? "choice chosen" : "choice"}
          disabled={over}
          aria-pressed={button.id === clicked}
          onClick={() => client.click(message, button)}
        >
          {button.title}
        </Button>
      ))}
    </div>
  );
}
