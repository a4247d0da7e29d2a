// The page's end of the wire: keeps the state, sends what the customer does, catches up after a break.
import type { Socket } from "socket.io-client";
import { randomId } from "../../shared/ids";
import { Delivery, RETRY_MS, WORDS } from "./delivery";
import type { OutboxStore } from "./outbox";
import { type ChatEvent, type ChatState, initialState, type Ownership, reduce } from "./reducer";
import { lastSeq } from "./selectors";
import type { Ack, Message, OutgoingType, Refusal, Welcome } from "./types";

const ACK_MS = 10_000;
const UNKNOWN_SESSION = /unauthorized|session_unknown|conversation_unknown/;
const TYPING_MS = 30_000;
const TYPING_EVERY_MS = 3_000;
/** The gateway replays at most 200 messages (its setting `replay_limit`). */
const LONGEST_REPLAY = 150;
export const PAGE_SIZE = 30;

export interface HistoryPage {
  messages: Message[];
  hasEarlier: boolean;
}

/** What the client needs from outside; tests hand in their own. */
export interface Surroundings {
  conversationId: string;
  socket: Pick<Socket, "on" | "active" | "connect" | "disconnect" | "emit" | "timeout">;
  outbox: Pick<OutboxStore, "load" | "save">;
  /** The page of messages before `beforeSeq`, or the newest page. */
  history: (beforeSeq: number | null) => Promise<HistoryPage>;
  /** The gateway does not know this session (any more). */
  onUnknownSession: () => void;
  /** The same secret now opens this conversation: two of one customer became one. */
  onMoved: (conversationId: string) => void;
  now: () => number;
}

export class ChatClient {
  private state: ChatState = initialState;
  private readonly listeners = new Set<() => void>();
  private readonly delivery: Delivery;
  private historyKnown = false;
  private readUpTo = 0;
  private typedAt = 0;
  private stopped = false;
  private reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly around: Surroundings) {
    this.delivery = new Delivery({
      getState: this.getState,
      dispatch: (event) => this.dispatch(event),
      emit: (type, body, id) => this.emitSend(type, body, id),
      reconnect: () => this.reconnect(),
    });
  }

  getState = (): ChatState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  dispatch(event: ChatEvent): void {
    const before = this.state;
    this.state = reduce(before, event);
    if (this.state.outbox !== before.outbox) this.around.outbox.save(this.state.outbox);
    for (const listener of this.listeners) listener();
  }

  start(): void {
    const waiting = this.around.outbox.load(this.around.now());
    if (waiting.length > 0) this.dispatch({ type: "outbox", items: waiting });
    const { socket } = this.around;
    socket.on("connect", () => void this.synchronise());
    socket.on("disconnect", () => this.lost());
    socket.on("connect_error", (error: Error) => this.refused(error));
    socket.on("message", (message: Message) => this.receive(message));
    socket.on("typing", ({ on, sender }: { on: boolean; sender?: string }) => {
      if (sender !== "customer") this.showTyping(on);
    });
    socket.on("ownership", (ownership: Ownership) => this.dispatch({ type: "ownership", ownership }));
    socket.on("verified", () => this.dispatch({ type: "verified" }));
    socket.on("moved", ({ conversation_id }: { conversation_id: string }) =>
      this.around.onMoved(conversation_id),
    );
    socket.on("expired_button", (said: Partial<Refusal>) => this.delivery.expired(said));
    socket.connect();
  }

  stop(): void {
    this.stopped = true;
    this.around.socket.disconnect();
    clearTimeout(this.reconnectTimer);
    clearTimeout(this.typingTimer);
  }

  sendText(text: string): void {
    this.queue("text", { text }, text);
  }

  click(message: Message, button: { id: string; title: string }): void {
    this.queue("button", { message_id: message.message_id, button_id: button.id }, button.title);
  }

  confirmDocument(documentId: string): Promise<Ack> {
    return this.request("document_confirm", { document_id: documentId }, randomId());
  }

  /** Sends a form at once and never keeps it. The same `clientId` again is the same submission. */
  submitForm(formId: string, values: Record<string, unknown>, clientId: string): Promise<Ack> {
    return this.request("form", { form_id: formId, values }, clientId);
  }

  retry(id: string): void {
    this.delivery.retry(id);
  }

  drop(id: string): void {
    this.dispatch({ type: "dropped", id });
  }

  async loadEarlier(): Promise<void> {
    const first = this.state.messages[0];
    if (!first || this.state.loadingEarlier || !this.state.hasEarlier) return;
    this.dispatch({ type: "loadingEarlier", on: true });
    try {
      this.dispatch({ type: "history", ...(await this.around.history(first.seq)) });
    } catch (error) {
      this.dispatch({ type: "loadingEarlier", on: false });
      this.dispatch({ type: "notice", text: (error as Error).message });
    }
  }

  markRead(seq: number): void {
    if (seq <= this.readUpTo || this.state.connection !== "online") return;
    this.readUpTo = seq;
    this.around.socket.emit("read", { up_to_seq: seq });
  }

  /** Tells the other side that the customer is writing, at most every three seconds. */
  writing(): void {
    const now = this.around.now();
    if (now - this.typedAt < TYPING_EVERY_MS || this.state.connection !== "online") return;
    this.typedAt = now;
    this.around.socket.emit("typing", { on: true });
  }

  private queue(type: OutgoingType, body: Record<string, unknown>, text: string): void {
    const at = new Date(this.around.now()).toISOString();
    this.delivery.queue({ client_msg_id: randomId(), type, body, text, at, status: "waiting" });
  }

  private async request(type: OutgoingType, body: Record<string, unknown>, id: string): Promise<Ack> {
    if (this.state.connection !== "online") return { error: "offline", message: WORDS.offline };
    const ack = await this.emitSend(type, body, id);
    if (!ack) return { error: "timeout", message: WORDS.noAnswer };
    if (ack.error === undefined) void this.catchUp(lastSeq(this.state));
    return ack;
  }

  /** The acknowledgement, or null when none came in time. */
  private async emitSend(type: OutgoingType, body: Record<string, unknown>, id: string): Promise<Ack | null> {
    try {
      return await this.around.socket.timeout(ACK_MS).emitWithAck("send", { client_msg_id: id, type, body });
    } catch {
      return null;
    }
  }

  private reconnect(): void {
    this.dispatch({ type: "connection", connection: "offline" });
    clearTimeout(this.reconnectTimer);
    this.around.socket.disconnect();
    this.reconnectTimer = setTimeout(() => this.around.socket.connect(), RETRY_MS);
  }

  private async synchronise(): Promise<void> {
    try {
      if (!this.historyKnown) {
        this.dispatch({ type: "history", ...(await this.around.history(null)) });
        this.historyKnown = true;
      }
    } catch {
      // The replay that follows brings the messages too, only all at once.
      this.dispatch({ type: "ready" });
    }
    const known = lastSeq(this.state);
    const welcome = await this.catchUp(known);
    if (!welcome) return this.reconnect();
    await this.closeGap(welcome, known);
    this.dispatch({ type: "connection", connection: "online" });
    await this.delivery.flush();
  }

  /** Asks for everything after `seq`; null when the gateway did not answer or refused. */
  private async catchUp(seq: number): Promise<Welcome | null> {
    try {
      const welcome: Welcome = await this.around.socket
        .timeout(ACK_MS)
        .emitWithAck("hello", { last_seq: seq });
      if (welcome.head_seq === undefined) return null;
      if (welcome.conversation_id !== this.around.conversationId)
        this.around.onMoved(welcome.conversation_id);
      this.dispatch({ type: "welcome", welcome });
      return welcome;
    } catch {
      return null;
    }
  }

  /** After a long absence the replay is cut: start from the newest page, the rest is paged upwards. */
  private async closeGap(welcome: Welcome, known: number): Promise<void> {
    if (known === 0 || welcome.head_seq - known <= LONGEST_REPLAY) return;
    try {
      this.dispatch({ type: "reload", ...(await this.around.history(null)) });
    } catch (error) {
      this.dispatch({ type: "notice", text: (error as Error).message });
    }
  }

  private receive(message: Message): void {
    const before = lastSeq(this.state);
    this.dispatch({ type: "received", messages: [message] });
    const missed = before > 0 && message.seq > before + 1;
    if (missed && this.state.connection === "online") void this.catchUp(before);
  }

  private showTyping(on: boolean): void {
    clearTimeout(this.typingTimer);
    this.dispatch({ type: "typing", on });
    if (on) this.typingTimer = setTimeout(() => this.dispatch({ type: "typing", on: false }), TYPING_MS);
  }

  /** A lost connection comes back by itself, unless it was the gateway that ended or refused it. */
  private lost(): void {
    this.dispatch({ type: "connection", connection: "offline" });
    if (!this.stopped && !this.around.socket.active) this.reconnect();
  }

  private refused(error: Error): void {
    if (UNKNOWN_SESSION.test(error.message)) this.around.onUnknownSession();
    else this.lost();
  }
}
