import { describe, expect, it } from "vitest";
import { type ChatState, initialState } from "../chat/state/reducer";
import { clickedButton, formStatus, isAnswered, isConfirmed } from "../chat/state/selectors";
import type { Message } from "../chat/state/types";
import { message } from "./fakes";

const withMessages = (...messages: Message[]): ChatState => ({ ...initialState, messages });
const buttons = [{ id: "b1", title: "有" }];
const asked = message(1, { type: "buttons", body: { text: "有吗", buttons }, reply_to: "t1" });
const customer = (seq: number, more: Partial<Message> = {}) => message(seq, { sender: "customer", ...more });

describe("choices", () => {
  it("are open after the question, also together with a second message of the same turn", () => {
    const sameTurn = message(2, { type: "buttons", body: { buttons }, reply_to: "t1" });
    expect(isAnswered(withMessages(asked, sameTurn), asked)).toBe(false);
  });

  it("are closed while an answer is under way", () => {
    expect(isAnswered(withMessages(asked, customer(2)), asked)).toBe(true);
  });

  it("open again after a remark that leaves the question where it was", () => {
    const remark = message(3, { reply_to: "t2" });
    expect(isAnswered(withMessages(asked, customer(2), remark), asked)).toBe(false);
  });

  it("are over once a later turn asks something else", () => {
    const next = message(3, { type: "question", body: { buttons }, reply_to: "t2" });
    expect(isAnswered(withMessages(asked, customer(2), next), asked)).toBe(true);
  });

  it("are over once one was taken, and tell which", () => {
    const click = customer(2, { type: "button", body: { message_id: "m1", button_id: "b1", text: "有" } });
    const state = withMessages(asked, click, message(3, { reply_to: "t2" }));
    expect(isAnswered(state, asked)).toBe(true);
    expect(clickedButton(state, asked)).toBe("b1");
  });
});

describe("a form", () => {
  const form = message(1, { type: "form", body: { form_id: "parties", sections: [] } });

  it("is open until it is sent", () => {
    expect(formStatus(withMessages(form, message(2)), form)).toBe("open");
    const sent = customer(3, { type: "form", body: { form_id: "parties", text: "已提交" } });
    expect(formStatus(withMessages(form, sent), form)).toBe("submitted");
  });

  it("gives way to a newer card of itself, which is open", () => {
    const newer = message(4, { type: "form", body: { form_id: "parties", sections: [] } });
    expect(formStatus(withMessages(form, newer), form)).toBe("replaced");
    expect(formStatus(withMessages(form, newer), newer)).toBe("open");
  });

  it("of another kind does not matter", () => {
    const other = customer(3, { type: "form", body: { form_id: "consent" } });
    expect(formStatus(withMessages(form, other), form)).toBe("open");
  });

  it("that verifies the phone is done when the customer is known", () => {
    const verification = message(1, { type: "form", body: { form_id: "verification", sections: [] } });
    expect(formStatus({ ...withMessages(verification), verified: true }, verification)).toBe("submitted");
  });
});

it("a document is confirmed by its own confirmation only", () => {
  const document = message(1, { type: "document", body: { document_id: "terms" } });
  const confirm = (id: string) => customer(2, { type: "document_confirm", body: { document_id: id } });
  expect(isConfirmed(withMessages(document, confirm("notice")), document)).toBe(false);
  expect(isConfirmed(withMessages(document, confirm("terms")), document)).toBe(true);
});
