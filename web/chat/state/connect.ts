// Ties a client to the browser: the real socket, storage and history requests.
import { io } from "socket.io-client";
import { askJson } from "../../shared/http";
import { ChatClient, type HistoryPage, PAGE_SIZE, type Surroundings } from "./client";
import { OutboxStore } from "./outbox";
import type { Message, Session } from "./types";

function historyOf(session: Session) {
  return async (beforeSeq: number | null): Promise<HistoryPage> => {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
    if (beforeSeq !== null) query.set("before_seq", String(beforeSeq));
    const { messages } = await askJson<{ messages: Message[] }>(`/api/conversation/messages?${query}`, {
      token: session.resume_token,
    });
    return { messages, hasEarlier: messages.length >= PAGE_SIZE };
  };
}

/** A client for this session, not yet started. WebSocket first, long polling where that is blocked. */
export function createClient(
  session: Session,
  callbacks: Pick<Surroundings, "onUnknownSession" | "onMoved">,
): ChatClient {
  const socket = io({
    autoConnect: false,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 8_000,
    auth: { conversation_id: session.conversation_id, token: session.resume_token },
  });
  return new ChatClient({
    conversationId: session.conversation_id,
    socket,
    outbox: new OutboxStore(localStorage, session.conversation_id),
    history: historyOf(session),
    ...callbacks,
    now: Date.now,
  });
}
