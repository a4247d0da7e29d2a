// Stand-ins for the socket, storage and messages.
import type { Surroundings } from "../chat/state/client";
import type { Ack, Message } from "../chat/state/types";

export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    message_id: `m${seq}`,
    seq,
    sender: "assistant",
    type: "text",
    body: { text: `第${seq}条` },
    at: new Date(Date.UTC(2026, 10, 22, 4, 0, seq)).toISOString(),
    ...more,
  };
}

export class MemoryStorage {
  private readonly values = new Map<string, string>();
  getItem = (key: string) => this.values.get(key) ?? null;
  setItem = (key: string, value: string) => void this.values.set(key, value);
  removeItem = (key: string) => void this.values.delete(key);
  get size() {
    return this.values.size;
  }
}

type Handler = (data?: unknown) => void;
interface Sent {
  client_msg_id: string;
  type: string;
  body: Record<string, unknown>;
}

/** A gateway's end of a socket: keeps what was sent, answers with `answer`, can go away. */
export class FakeSocket {
  active = true;
  sent: Sent[] = [];
  hellos: number[] = [];
  emitted: [string, unknown][] = [];
  head = 0;
  conversationId = "c1";
  /** What a send is answered; null is silence until the time-out. */
  answer: (sent: Sent) => Ack | null = ({ client_msg_id }) => {
    this.head += 1;
    return { message_id: `server-${client_msg_id}`, seq: this.head, at: "2026-11-22T04:00:00Z" };
  };
  private readonly handlers = new Map<string, Handler>();

  on = (event: string, handler: Handler) => {
    this.handlers.set(event, handler);
    return this;
  };
  fire(event: string, data?: unknown) {
    this.handlers.get(event)?.(data);
  }
  connect = () => this;
  disconnect = () => this;
  emit = (event: string, data: unknown) => {
    this.emitted.push([event, data]);
    return true;
  };
  timeout = () => ({ emitWithAck: (event: string, data: unknown) => this.ask(event, data) });

  private async ask(event: string, data: unknown): Promise<unknown> {
    if (event === "hello") {
      this.hellos.push((data as { last_seq: number }).last_seq);
      return {
        conversation_id: this.conversationId,
        state: "BOT",
        epoch: 0,
        head_seq: this.head,
        verified: false,
      };
    }
    this.sent.push(data as Sent);
    const ack = this.answer(data as Sent);
    if (ack === null) throw new Error("operation has timed out");
    return ack;
  }
}

export function surroundings(socket: FakeSocket, more: Partial<Surroundings> = {}): Surroundings {
  return {
    conversationId: "c1",
    socket: socket as unknown as Surroundings["socket"],
    outbox: { load: () => [], save: () => undefined },
    history: async () => ({ messages: [], hasEarlier: false }),
    onUnknownSession: () => undefined,
    onMoved: () => undefined,
    now: () => Date.UTC(2026, 10, 22, 4),
    ...more,
  };
}

/** Lets promises that are ready run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
