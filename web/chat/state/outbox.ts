// What waits to be sent survives a reload. Forms never come here: they hold identity numbers.
import type { Outgoing } from "./types";

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const KEPT_TYPES = new Set(["text", "button", "document_confirm"]);
const KEPT_HOURS = 24;

function keyOf(conversationId: string): string {
  return `heyu.outbox.${conversationId}`;
}

/** What waits for one conversation goes on waiting for the one that it became part of. */
export function moveOutbox(store: Store, from: string, to: string): void {
  const before = new OutboxStore(store, from);
  const after = new OutboxStore(store, to);
  after.save(before.load(Date.now()).filter((item) => item.type === "text"));
  before.save([]);
}

export class OutboxStore {
  constructor(
    private readonly store: Store,
    private readonly conversationId: string,
  ) {}

  private get key(): string {
    return keyOf(this.conversationId);
  }

  /** Ids this tab has put in or taken out itself: another tab's waiting messages are left alone. */
  private readonly known = new Set<string>();

  private read(): Outgoing[] {
    try {
      return JSON.parse(this.store.getItem(this.key) ?? "[]") as Outgoing[];
    } catch {
      return [];
    }
  }

  /** What was not acknowledged before the page went away; older than a day is forgotten. `now` in milliseconds. */
  load(now: number): Outgoing[] {
    const items = this.read()
      .filter((item) => KEPT_TYPES.has(item.type) && now - Date.parse(item.at) < KEPT_HOURS * 3_600_000)
      .map((item): Outgoing => (item.status === "sending" ? { ...item, status: "waiting" } : item));
    for (const item of items) this.known.add(item.client_msg_id);
    return items;
  }

  save(items: Outgoing[]): void {
    const own = items.filter((item) => KEPT_TYPES.has(item.type));
    for (const item of own) this.known.add(item.client_msg_id);
    const others = this.read().filter((item) => !this.known.has(item.client_msg_id));
    const kept = [...others, ...own];
    try {
      if (kept.length > 0) this.store.setItem(this.key, JSON.stringify(kept));
      else this.store.removeItem(this.key);
    } catch {
      // Full or refused storage: the queue then lasts as long as the page.
    }
  }
}
