import { describe, expect, it } from "vitest";
import { moveOutbox, OutboxStore } from "../chat/state/outbox";
import type { Outgoing } from "../chat/state/types";
import { MemoryStorage } from "./fakes";

const NOW = Date.now();

function outgoing(id: string, more: Partial<Outgoing> = {}): Outgoing {
  const at = new Date(NOW - 60_000).toISOString();
  return { client_msg_id: id, type: "text", body: { text: id }, text: id, at, status: "waiting", ...more };
}
const ids = (items: Outgoing[]) => items.map((item) => item.client_msg_id);

describe("the outbox", () => {
  it("survives a reload; what was on its way waits again", () => {
    const storage = new MemoryStorage();
    new OutboxStore(storage, "c").save([
      outgoing("a", { status: "sending" }),
      outgoing("b", { status: "failed" }),
    ]);
    const loaded = new OutboxStore(storage, "c").load(NOW);
    expect(loaded.map(({ status }) => status)).toEqual(["waiting", "failed"]);
  });

  it("leaves nothing behind when all is sent", () => {
    const storage = new MemoryStorage();
    const store = new OutboxStore(storage, "c");
    store.save([outgoing("a")]);
    store.save([]);
    expect(storage.size).toBe(0);
  });

  it("never keeps a form", () => {
    const storage = new MemoryStorage();
    new OutboxStore(storage, "c").save([outgoing("a", { type: "form", body: { values: { id: "9900" } } })]);
    expect(storage.size).toBe(0);
  });

  it("forgets what is older than a day", () => {
    const storage = new MemoryStorage();
    const old = new Date(NOW - 25 * 3_600_000).toISOString();
    new OutboxStore(storage, "c").save([outgoing("a", { at: old }), outgoing("b")]);
    expect(ids(new OutboxStore(storage, "c").load(NOW))).toEqual(["b"]);
  });

  it("does not lose what another tab has put in", () => {
    const storage = new MemoryStorage();
    const [first, second] = [new OutboxStore(storage, "c"), new OutboxStore(storage, "c")];
    first.save([outgoing("a")]);
    second.save([outgoing("b")]);
    first.save([]);
    expect(ids(new OutboxStore(storage, "c").load(NOW))).toEqual(["b"]);
  });

  it("moves words, not clicks, to the conversation that goes on", () => {
    const storage = new MemoryStorage();
    new OutboxStore(storage, "old").save([outgoing("a"), outgoing("b", { type: "button" })]);
    moveOutbox(storage, "old", "new");
    expect(ids(new OutboxStore(storage, "new").load(NOW))).toEqual(["a"]);
    expect(ids(new OutboxStore(storage, "old").load(NOW))).toEqual([]);
  });

  it("treats broken storage as empty", () => {
    const storage = new MemoryStorage();
    storage.setItem("heyu.outbox.c", "{not json");
    expect(new OutboxStore(storage, "c").load(NOW)).toEqual([]);
  });
});
