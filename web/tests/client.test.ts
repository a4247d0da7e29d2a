import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatClient } from "../chat/state/client";
import { FakeSocket, message, settle, surroundings } from "./fakes";

function started(more: Parameters<typeof surroundings>[1] = {}) {
  const socket = new FakeSocket();
  const client = new ChatClient(surroundings(socket, more));
  client.start();
  return { socket, client };
}

async function online(more: Parameters<typeof surroundings>[1] = {}) {
  const both = started(more);
  both.socket.fire("connect");
  await settle();
  return both;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("sending", () => {
  it("waits without a connection and goes out in order when there is one", async () => {
    const { socket, client } = started();
    client.sendText("一");
    client.sendText("二");
    await settle();
    expect(socket.sent).toEqual([]);
    expect(client.getState().outbox.map(({ status }) => status)).toEqual(["waiting", "waiting"]);
    socket.fire("connect");
    await settle();
    expect(socket.sent.map(({ body }) => body.text)).toEqual(["一", "二"]);
    expect(client.getState().outbox).toEqual([]);
  });

  it("repeats under the same id when no acknowledgement comes", async () => {
    const { socket, client } = await online();
    const answer = socket.answer;
    socket.answer = () => null;
    client.sendText("你好");
    await settle();
    socket.answer = answer;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(socket.sent).toHaveLength(2);
    expect(socket.sent[0]?.client_msg_id).toBe(socket.sent[1]?.client_msg_id);
    expect(client.getState().messages).toHaveLength(1);
  });

  it("gives up after four silences and can be started again by hand", async () => {
    const { socket, client } = await online();
    socket.answer = () => null;
    client.sendText("你好");
    await vi.advanceTimersByTimeAsync(20_000);
    expect(socket.sent).toHaveLength(4);
    const [failed] = client.getState().outbox;
    expect(failed?.status).toBe("failed");
    client.retry(failed?.client_msg_id ?? "");
    await settle();
    expect(socket.sent).toHaveLength(5);
  });

  it("does not hold up the next message when one is refused", async () => {
    const { socket, client } = await online();
    const answer = socket.answer;
    socket.answer = (sent) =>
      sent.body.text === "长" ? { error: "text_too_long", message: "太长" } : answer(sent);
    client.sendText("长");
    client.sendText("短");
    await settle();
    expect(client.getState().outbox).toMatchObject([{ text: "长", status: "failed", error: "太长" }]);
    expect(client.getState().messages).toMatchObject([{ body: { text: "短" } }]);
  });

  it("tries again by itself when the gateway says that it passes", async () => {
    const { socket, client } = await online();
    const answer = socket.answer;
    socket.answer = () => ({ error: "unavailable" });
    client.sendText("你好");
    await settle();
    socket.answer = answer;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(client.getState().outbox).toEqual([]);
  });

  it("drops a click on a choice that is over and shows the present step", async () => {
    const { socket, client } = await online();
    const present = message(9, { type: "buttons" });
    socket.answer = () => ({ error: "button_expired", message: "此选项已过期", present });
    client.click(message(1), { id: "b1", title: "有" });
    await settle();
    expect(client.getState()).toMatchObject({ outbox: [], notice: "此选项已过期", messages: [{ seq: 9 }] });
  });
});

describe("forms and documents", () => {
  it("are not kept for later: without a connection they are refused at once", async () => {
    const { socket, client } = started();
    const ack = await client.submitForm("parties", { id_number: "990000199603120010" }, "f1");
    expect(ack).toMatchObject({ error: "offline" });
    expect(socket.sent).toEqual([]);
    expect(client.getState().outbox).toEqual([]);
  });

  it("hand the gateway's objections to the form", async () => {
    const { socket, client } = await online();
    const refusal = { error: "invalid", message: "有误", fields: { phone: "号码不对" } };
    socket.answer = () => refusal;
    expect(await client.submitForm("parties", {}, "f1")).toEqual(refusal);
  });
});

describe("connecting", () => {
  it("loads the newest page once, then asks for what came after it", async () => {
    const history = vi.fn(async () => ({ messages: [message(4), message(5)], hasEarlier: true }));
    const { socket } = await online({ history });
    expect(history).toHaveBeenCalledTimes(1);
    expect(history).toHaveBeenCalledWith(null);
    expect(socket.hellos).toEqual([5]);
    socket.fire("disconnect");
    socket.fire("connect");
    await settle();
    expect(history).toHaveBeenCalledTimes(1);
    expect(socket.hellos).toEqual([5, 5]);
  });

  it("asks again for a message that is missing in the middle", async () => {
    const { socket } = await online({ history: async () => ({ messages: [message(1)], hasEarlier: false }) });
    socket.fire("message", message(4));
    await settle();
    expect(socket.hellos).toEqual([1, 1]);
  });

  it("starts from the newest page after an absence longer than the replay", async () => {
    const pages = [[message(1)], [message(299), message(300)]];
    const history = vi.fn(async () => ({ messages: pages.shift() ?? [], hasEarlier: true }));
    const { socket, client } = await online({ history });
    socket.head = 300;
    socket.fire("disconnect");
    socket.fire("connect");
    await settle();
    expect(client.getState().messages.map(({ seq }) => seq)).toEqual([299, 300]);
  });

  it("goes on in the conversation that this one became part of", async () => {
    const onMoved = vi.fn();
    const { socket } = started({ onMoved });
    socket.conversationId = "c2";
    socket.fire("connect");
    await settle();
    expect(onMoved).toHaveBeenCalledWith("c2");
  });

  it("gives up a session that the gateway does not know", () => {
    const onUnknownSession = vi.fn();
    const { socket } = started({ onUnknownSession });
    socket.fire("connect_error", new Error("{'error': 'session_unknown', 'message': '会话已失效'}"));
    expect(onUnknownSession).toHaveBeenCalledTimes(1);
  });

  it("shows messages even when the history cannot be loaded", async () => {
    const history = () => Promise.reject(new Error("down"));
    const { socket, client } = await online({ history });
    expect(client.getState()).toMatchObject({ ready: true, connection: "online" });
    expect(socket.hellos).toEqual([0]);
  });
});

describe("small signals", () => {
  it("tell each read position once", async () => {
    const { socket, client } = await online();
    client.markRead(3);
    client.markRead(3);
    client.markRead(2);
    client.markRead(4);
    expect(socket.emitted).toEqual([
      ["read", { up_to_seq: 3 }],
      ["read", { up_to_seq: 4 }],
    ]);
  });

  it("do not show the customer's own typing in another tab", async () => {
    const { socket, client } = await online();
    socket.fire("typing", { on: true, sender: "customer" });
    expect(client.getState().typing).toBe(false);
    socket.fire("typing", { on: true, sender: "assistant" });
    expect(client.getState().typing).toBe(true);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(client.getState().typing).toBe(false);
  });
});
