import { describe, expect, it } from "vitest";
import { type ChatState, initialState, mergeBySeq, reduce } from "../chat/state/reducer";
import type { Outgoing } from "../chat/state/types";
import { message } from "./fakes";

const item: Outgoing = {
  client_msg_id: "a",
  type: "text",
  body: { text: "我的证件号是990000199603120010" },
  text: "我的证件号是990000199603120010",
  at: "2026-11-22T04:00:00Z",
  status: "sending",
};
const seqs = (state: ChatState) => state.messages.map(({ seq }) => seq);

describe("messages", () => {
  it("are kept in order of seq, each once, however they arrive", () => {
    const state = reduce(initialState, {
      type: "received",
      messages: [message(3), message(1), message(3), message(2)],
    });
    expect(seqs(state)).toEqual([1, 2, 3]);
  });

  it("of one seq are replaced by the newer copy: a card that was confirmed meanwhile", () => {
    const known = [message(1, { type: "document", body: { confirmed: false } })];
    const merged = mergeBySeq(known, [message(1, { type: "document", body: { confirmed: true } })]);
    expect(merged).toHaveLength(1);
    expect(merged[0]?.body.confirmed).toBe(true);
  });

  it("from a page of history come before the known ones", () => {
    const known = reduce(initialState, { type: "received", messages: [message(31), message(32)] });
    const state = reduce(known, { type: "history", messages: [message(29), message(30)], hasEarlier: true });
    expect(seqs(state)).toEqual([29, 30, 31, 32]);
    expect(state.hasEarlier).toBe(true);
    expect(state.ready).toBe(true);
  });

  it("start afresh with a reload, so that no hole stays in the middle", () => {
    const known = reduce(initialState, { type: "received", messages: [message(1)] });
    const state = reduce(known, { type: "reload", messages: [message(400)], hasEarlier: true });
    expect(seqs(state)).toEqual([400]);
  });
});

describe("an own message", () => {
  const sending = reduce(initialState, { type: "queued", item });

  it("leaves the outbox with its acknowledgement and stands in the log under its seq", () => {
    const ack = { message_id: "m7", seq: 7, at: "2026-11-22T04:00:01Z" };
    const state = reduce(sending, { type: "acked", id: "a", ack });
    expect(state.outbox).toEqual([]);
    expect(state.messages[0]).toMatchObject({ seq: 7, sender: "customer", client_msg_id: "a" });
  });

  it("is shown once when the gateway's copy comes before the acknowledgement, and as the gateway stored it", () => {
    const copy = message(7, {
      sender: "customer",
      client_msg_id: "a",
      body: { text: "我的证件号是9900**********0010" },
    });
    const received = reduce(sending, { type: "received", messages: [copy] });
    expect(received.outbox).toEqual([]);
    const ack = { message_id: "m7", seq: 7, at: "2026-11-22T04:00:01Z" };
    const state = reduce(received, { type: "acked", id: "a", ack });
    expect(state.messages).toHaveLength(1);
    expect(state.messages[0]?.body.text).toBe("我的证件号是9900**********0010");
  });

  it("is queued once under one id", () => {
    expect(reduce(sending, { type: "queued", item }).outbox).toHaveLength(1);
  });

  it("that failed says why until it is sent again", () => {
    const failed = reduce(sending, { type: "failed", id: "a", error: "太长" });
    expect(failed.outbox[0]).toMatchObject({ status: "failed", error: "太长" });
    expect(reduce(failed, { type: "waiting", id: "a" }).outbox[0]).toMatchObject({
      status: "waiting",
      error: undefined,
    });
  });
});

describe("who answers", () => {
  it("forgets queue position and agent when it changes", () => {
    const queued = reduce(initialState, { type: "ownership", ownership: { state: "QUEUED", position: 2 } });
    expect(queued.queuePosition).toBe(2);
    const agent = reduce(queued, { type: "ownership", ownership: { state: "HUMAN", agent_name: "小禾" } });
    expect(agent).toMatchObject({ conversation: "HUMAN", queuePosition: null, agentName: "小禾" });
    expect(reduce(agent, { type: "ownership", ownership: { state: "BOT" } }).agentName).toBeNull();
  });

  it("stops typing when the words arrive, or the line breaks", () => {
    const typing = reduce({ ...initialState, connection: "online" }, { type: "typing", on: true });
    expect(reduce(typing, { type: "received", messages: [message(1)] }).typing).toBe(false);
    expect(reduce(typing, { type: "connection", connection: "offline" }).typing).toBe(false);
  });
});
