// Sends what waits in the outbox, one after the other, and decides what a refusal or a silence means.
import type { ChatEvent, ChatState } from "./reducer";
import type { Ack, Outgoing, OutgoingType, Refusal } from "./types";

const ATTEMPTS = 4;
export const RETRY_MS = 2_000;
/** Refusals that pass: the same message may be taken a little later. */
const PASSING = new Set(["unavailable", "too_many"]);

export const WORDS = {
  noAnswer: "网络较慢，没有收到回执，请重试。",
  offline: "网络已断开，连上后请再提交一次。",
  expired: "此选项已过期，请看最新的消息。",
};

export interface DeliveryHost {
  getState: () => ChatState;
  dispatch: (event: ChatEvent) => void;
  /** The acknowledgement of one send, or null when none came in time. */
  emit: (type: OutgoingType, body: Record<string, unknown>, id: string) => Promise<Ack | null>;
  reconnect: () => void;
}

export class Delivery {
  private readonly attempts = new Map<string, number>();
  private flushing = false;

  constructor(private readonly host: DeliveryHost) {}

  queue(item: Outgoing): void {
    this.host.dispatch({ type: "queued", item });
    void this.flush();
  }

  retry(id: string): void {
    this.attempts.delete(id);
    this.host.dispatch({ type: "waiting", id });
    void this.flush();
  }

  /** Sends all that waits while there is a connection. Order is kept: the next goes out after the first's answer. */
  async flush(): Promise<void> {
    if (this.flushing) return;
    this.flushing = true;
    try {
      for (;;) {
        const { outbox, connection } = this.host.getState();
        const item = outbox.find((candidate) => candidate.status === "waiting");
        if (!item || connection !== "online") return;
        await this.deliver(item);
      }
    } finally {
      this.flushing = false;
    }
  }

  private async deliver(item: Outgoing): Promise<void> {
    const id = item.client_msg_id;
    this.host.dispatch({ type: "sending", id });
    const ack = await this.host.emit(item.type, item.body, id);
    if (!ack) await this.postpone(id);
    else if (ack.error === undefined) this.host.dispatch({ type: "acked", id, ack });
    else await this.rejected(id, ack);
  }

  private async rejected(id: string, refusal: Refusal): Promise<void> {
    if (refusal.reconnect || refusal.error === "conversation_moved") {
      this.host.dispatch({ type: "waiting", id });
      this.host.reconnect();
    } else if (PASSING.has(refusal.error)) {
      await this.postpone(id);
    } else if (refusal.error === "button_expired") {
      this.host.dispatch({ type: "dropped", id });
      this.expired(refusal);
    } else {
      this.host.dispatch({ type: "failed", id, error: refusal.message ?? refusal.error });
    }
  }

  /** A choice of a step that is over: say so, with the message that waits for an answer now. */
  expired({ message, present }: Partial<Refusal>): void {
    if (present) this.host.dispatch({ type: "received", messages: [present] });
    this.host.dispatch({ type: "notice", text: message ?? WORDS.expired });
  }

  private async postpone(id: string): Promise<void> {
    const tried = (this.attempts.get(id) ?? 0) + 1;
    this.attempts.set(id, tried);
    if (tried >= ATTEMPTS) this.host.dispatch({ type: "failed", id, error: WORDS.noAnswer });
    else this.host.dispatch({ type: "waiting", id });
    if (this.host.getState().connection === "online") await new Promise((done) => setTimeout(done, RETRY_MS));
  }
}
