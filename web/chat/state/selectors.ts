// Questions about a conversation that several cards ask. Pure.
import type { ChatState } from "./reducer";
import type { Message } from "./types";

export function lastSeq(state: ChatState): number {
  return state.messages.at(-1)?.seq ?? 0;
}

/** True while the customer's last word has no reply yet. */
export function awaitsReply(state: ChatState): boolean {
  if (state.outbox.some((item) => item.status !== "failed")) return true;
  return state.messages.at(-1)?.sender === "customer" && state.conversation === "BOT";
}

/** True for a message that asks for something: it has choices or is a card. */
function asks(message: Message): boolean {
  return message.type !== "text" || (message.body.buttons ?? []).length > 0;
}

/**
 * Whether the choices under a message are over: one was taken, an answer is under way, or a later turn asked for
 * something else. A later plain remark does not end them. The gateway has the last word (`button_expired`).
 */
export function isAnswered(state: ChatState, message: Message): boolean {
  if (awaitsReply(state) || clickedButton(state, message) !== null) return true;
  return state.messages.some(
    (later) =>
      later.seq > message.seq &&
      later.sender === "assistant" &&
      later.reply_to !== message.reply_to &&
      asks(later),
  );
}

/** The id of the button of this message that was clicked, if the log still says so. */
export function clickedButton(state: ChatState, message: Message): string | null {
  const clicks = [...state.messages, ...state.outbox].filter(
    (entry) => entry.type === "button" && entry.body.message_id === message.message_id,
  );
  return (clicks.at(-1)?.body.button_id as string | undefined) ?? null;
}

/** The form that makes the customer known; it is sent to the session, not into the chat. */
export const VERIFICATION = "verification";

export type FormStatus = "open" | "submitted" | "replaced";

/** A form is done once sent; an older card of the same form gives way to the newer one. */
export function formStatus(state: ChatState, message: Message): FormStatus {
  const id = message.body.form_id;
  if (message.body.submitted === true || (id === VERIFICATION && state.verified)) return "submitted";
  for (const later of state.messages) {
    if (later.seq <= message.seq || later.body.form_id !== id) continue;
    if (later.sender === "customer") return "submitted";
    if (later.type === "form") return "replaced";
  }
  return "open";
}

export function isConfirmed(state: ChatState, message: Message): boolean {
  if (message.body.confirmed === true) return true;
  const id = message.body.document_id;
  return state.messages.some(
    (later) => later.seq > message.seq && later.sender === "customer" && later.body.document_id === id,
  );
}
