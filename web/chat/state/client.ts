// The page's end of the wire: keeps the state, sends what the customer does, catches up after a break.
import type { Socket } from "socket.io-client";
import { randomId } from "../../shared/ids";
import type { OutboxStore } from "./outbox";
import { type ChatEvent, type ChatState, initialState, type Presence, reduce } from "./reducer";
import { lastSeq } from "./selectors";
import type { Ack, Message, Outgoing, OutgoingType, Welcome } from "./types";

const ACK_MS = 10_000;
const ATTEMPTS = 4;
const RETRY_MS = 2_000;
const TYPING_MS = 30_000;
const TYPING_EVERY_MS = 3_000;
export const PAGE_SIZE = 30;

export const WORDS = {
  noAnswer: "网络较慢，没有收到回执，请重试。",
  offline: "网络已断开，连上后请再提交一次。",
  expired: "此选项已过期，请看最新的消息。",
};

export interface HistoryPage {
  messages: Message[];
  hasEarlier: boolean;
}

/** What the client needs from outside; tests hand in their own. */
export interface Surroundings {
  socket: Pick<Socket, "on" | "connect" | "disconnect" | "emit" | "timeout">;
  outbox: Pick<OutboxStore, "load" | "save">;
  /** The page of messages before `beforeSeq`, or the newest page. */
  history: (beforeSeq: number | null) => Promise<HistoryPage>;
  /** The gateway does not know this session (any more). */
  onUnknownSession: () => void;
  now: () => number;
}

export class ChatClient {
  private state: ChatState = initialState;
  private readonly listeners = new Set<() => void>();
  private readonly attempts = new Map<string, number>();
  private flushing = false;
  private historyKnown = false;
  private readUpTo = 0;
  private typedAt = 0;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly around: Surroundings) {}

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
    socket.on("disconnect", () => this.dispatch({ type: "connection", connection: "offline" }));
    socket.on("connect_error", (error: Error) => this.refused(error));
    socket.on("message", (message: Message) => this.receive(message));
    socket.on("typing", ({ on }: { on: boolean }) => this.showTyping(on));
    socket.on("presence", (presence: Presence) => this.dispatch({ type: "presence", presence }));
    socket.on("expired_button", (said?: { message?: string }) =>
      this.dispatch({ type: "notice", text: said?.message ?? WORDS.expired }),
    );
    socket.connect();
  }

  stop(): void {
    this.around.socket.disconnect();
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
    this.attempts.delete(id);
    this.dispatch({ type: "waiting", id });
    void this.flush();
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
    const item: Outgoing = { client_msg_id: randomId(), type, body, text, at, status: "waiting" };
    this.dispatch({ type: "queued", item });
    void this.flush();
  }

  private async flush(): Promise<void> {
    if (this.flushing) return;
    this.flushing = true;
    try {
      for (;;) {
        const item = this.state.outbox.find((candidate) => candidate.status === "waiting");
        if (!item || this.state.connection !== "online") return;
        await this.deliver(item);
      }
    } finally {
      this.flushing = false;
    }
  }

  private async deliver(item: Outgoing): Promise<void> {
    const id = item.client_msg_id;
    this.dispatch({ type: "sending", id });
    const ack = await this.emitSend(item.type, item.body, id);
    if (ack && ack.error === undefined) {
      this.dispatch({ type: "acked", id, ack });
    } else if (ack) {
      this.rejected(id, ack.error, ack.message ?? ack.error);
    } else {
      await this.postpone(id);
    }
  }

  private rejected(id: string, code: string, message: string): void {
    if (code === "conversation_moved") this.around.onUnknownSession();
    if (code === "button_expired") {
      this.dispatch({ type: "dropped", id });
      this.dispatch({ type: "notice", text: message });
    } else {
      this.dispatch({ type: "failed", id, error: message });
    }
  }

  private async postpone(id: string): Promise<void> {
    const tried = (this.attempts.get(id) ?? 0) + 1;
    this.attempts.set(id, tried);
    if (tried >= ATTEMPTS) this.dispatch({ type: "failed", id, error: WORDS.noAnswer });
    else this.dispatch({ type: "waiting", id });
    if (this.state.connection === "online") await new Promise((done) => setTimeout(done, RETRY_MS));
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
    if (!(await this.catchUp(lastSeq(this.state)))) {
      this.around.socket.disconnect();
      setTimeout(() => this.around.socket.connect(), RETRY_MS);
      return;
    }
    this.dispatch({ type: "connection", connection: "online" });
    await this.flush();
  }

  /** Asks for everything after `seq`; false when the gateway did not answer. */
  private async catchUp(seq: number): Promise<boolean> {
    try {
      const welcome: Welcome = await this.around.socket
        .timeout(ACK_MS)
        .emitWithAck("hello", { last_seq: seq });
      if (welcome.head_seq === undefined) return false;
      this.dispatch({ type: "welcome", welcome });
      return true;
    } catch {
      return false;
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

  private refused(error: Error): void {
    this.dispatch({ type: "connection", connection: "offline" });
    if (/unauthor|session_unknown|conversation_unknown|forbidden/i.test(error.message))
      this.around.onUnknownSession();
  }
}
