// The page's whole memory of a conversation and how events change it. Pure: no clock, no storage, no socket.
import type { Ack, ConversationState, Message, Outgoing, Welcome } from "./types";

export type Connection = "connecting" | "online" | "offline";

export interface ChatState {
  /** Ascending by seq, each seq once. */
  messages: Message[];
  outbox: Outgoing[];
  connection: Connection;
  conversation: ConversationState;
  queuePosition: number | null;
  agentName: string | null;
  verified: boolean;
  typing: boolean;
  hasEarlier: boolean;
  loadingEarlier: boolean;
  /** False until the first page of history (or its failure) is known. */
  ready: boolean;
  notice: string | null;
}

export const initialState: ChatState = {
  messages: [],
  outbox: [],
  connection: "connecting",
  conversation: "BOT",
  queuePosition: null,
  agentName: null,
  verified: false,
  typing: false,
  hasEarlier: false,
  loadingEarlier: false,
  ready: false,
  notice: null,
};

/** Who answers now; the queue position and the agent's name only while there is one. */
export interface Ownership {
  state?: ConversationState;
  position?: number | null;
  agent_name?: string | null;
}

export type ChatEvent =
  | { type: "received"; messages: Message[] }
  | { type: "history"; messages: Message[]; hasEarlier: boolean }
  | { type: "loadingEarlier"; on: boolean }
  | { type: "queued"; item: Outgoing }
  | { type: "sending"; id: string }
  | { type: "acked"; id: string; ack: Extract<Ack, { message_id: string }> }
  | { type: "failed"; id: string; error: string }
  | { type: "waiting"; id: string }
  | { type: "dropped"; id: string }
  | { type: "outbox"; items: Outgoing[] }
  | { type: "connection"; connection: Connection }
  | { type: "welcome"; welcome: Welcome }
  | { type: "reload"; messages: Message[]; hasEarlier: boolean }
  | { type: "ownership"; ownership: Ownership }
  | { type: "verified" }
  | { type: "typing"; on: boolean }
  | { type: "ready" }
  | { type: "notice"; text: string | null }
  | { type: "reset" };

/** Adds messages, keeping order by seq; of two with one seq the newer one wins (the gateway's copy is the redacted one). */
export function mergeBySeq(known: Message[], arrived: Message[]): Message[] {
  if (arrived.length === 0) return known;
  const bySeq = new Map(known.map((message) => [message.seq, message]));
  for (const message of arrived) bySeq.set(message.seq, message);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

function receive(state: ChatState, arrived: Message[]): ChatState {
  const own = new Set(arrived.map((message) => message.client_msg_id).filter(Boolean));
  return {
    ...state,
    messages: mergeBySeq(state.messages, arrived),
    outbox: own.size > 0 ? state.outbox.filter((item) => !own.has(item.client_msg_id)) : state.outbox,
    typing: arrived.some((message) => message.sender !== "customer") ? false : state.typing,
  };
}

function acknowledge(
  state: ChatState,
  id: string,
  ack: { message_id: string; seq: number; at: string },
): ChatState {
  const item = state.outbox.find((candidate) => candidate.client_msg_id === id);
  const outbox = state.outbox.filter((candidate) => candidate.client_msg_id !== id);
  if (!item || state.messages.some((message) => message.seq === ack.seq)) return { ...state, outbox };
  const message: Message = {
    message_id: ack.message_id,
    seq: ack.seq,
    at: ack.at,
    sender: "customer",
    type: item.type,
    body: { ...item.body, text: item.text },
    client_msg_id: id,
  };
  return { ...state, outbox, messages: mergeBySeq(state.messages, [message]) };
}

function changeItem(state: ChatState, id: string, change: Partial<Outgoing>): ChatState {
  return {
    ...state,
    outbox: state.outbox.map((item) => (item.client_msg_id === id ? { ...item, ...change } : item)),
  };
}

function own(state: ChatState, ownership: Ownership): ChatState {
  const conversation = ownership.state ?? state.conversation;
  const moved = conversation !== state.conversation;
  return {
    ...state,
    conversation,
    queuePosition: ownership.position ?? (moved ? null : state.queuePosition),
    agentName: ownership.agent_name ?? (moved ? null : state.agentName),
  };
}

export function reduce(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case "received":
      return receive(state, event.messages);
    case "history":
      return {
        ...receive(state, event.messages),
        hasEarlier: event.hasEarlier,
        loadingEarlier: false,
        ready: true,
      };
    case "loadingEarlier":
      return { ...state, loadingEarlier: event.on };
    case "queued":
      if (state.outbox.some((item) => item.client_msg_id === event.item.client_msg_id)) return state;
      return { ...state, outbox: [...state.outbox, event.item] };
    case "sending":
      return changeItem(state, event.id, { status: "sending", error: undefined });
    case "waiting":
      return changeItem(state, event.id, { status: "waiting", error: undefined });
    case "failed":
      return changeItem(state, event.id, { status: "failed", error: event.error });
    case "acked":
      return acknowledge(state, event.id, event.ack);
    case "dropped":
      return { ...state, outbox: state.outbox.filter((item) => item.client_msg_id !== event.id) };
    case "outbox":
      return { ...state, outbox: event.items };
    case "connection":
      return {
        ...state,
        connection: event.connection,
        typing: event.connection === "online" && state.typing,
      };
    case "welcome":
      return { ...state, conversation: event.welcome.state, verified: event.welcome.verified };
    case "reload":
      return { ...receive({ ...state, messages: [] }, event.messages), hasEarlier: event.hasEarlier };
    case "ownership":
      return own(state, event.ownership);
    case "verified":
      return { ...state, verified: true };
    case "typing":
      return { ...state, typing: event.on };
    case "ready":
      return { ...state, ready: true };
    case "notice":
      return { ...state, notice: event.text };
    case "reset":
      return { ...initialState };
  }
}
