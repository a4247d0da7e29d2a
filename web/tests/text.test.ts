import { describe, expect, it } from "vitest";
import { timeline } from "../chat/list/timeline";
import { isExclusion } from "../chat/sheets/clauses";
import { formatCountdown, formatDay, formatFen, perPeriod, shanghaiDay } from "../shared/format";
import { linkify, safeUrl } from "../shared/links";
import { message } from "./fakes";

const BASE = "https://heyu.example/";

describe("links", () => {
  it("are http, https and tel only", () => {
    expect(safeUrl("https://a.example/x", BASE)).toBe("https://a.example/x");
    expect(safeUrl("/cashier/1?t=s", BASE)).toBe("https://heyu.example/cashier/1?t=s");
    expect(safeUrl("tel:95000", BASE)).toBe("tel:95000");
    for (const bad of [
      "javascript:alert(1)",
      "data:text/html,x",
      " JaVaScRiPt:x",
      "vbscript:x",
      "file:///etc",
      "",
      null,
    ]) {
      expect(safeUrl(bad, BASE)).toBeNull();
    }
  });

  it("in a text end before Chinese punctuation and closing marks", () => {
    const text = "见 https://a.example/x?y=1。或者（https://b.example/z)，电话 tel:95000！";
    const pieces = linkify(text);
    expect(pieces.filter(({ href }) => href).map(({ href }) => href)).toEqual([
      "https://a.example/x?y=1",
      "https://b.example/z",
      "tel:95000",
    ]);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  });

  it("are not made of markup or scripts", () => {
    expect(linkify("<a href='javascript:x'>点</a> javascript:alert(1)").some(({ href }) => href)).toBe(false);
  });
});

describe("numbers and times", () => {
  it("show fen as yuan", () => {
    expect(formatFen(18_650)).toBe("186.50");
    expect(formatFen(123_456_789)).toBe("1,234,567.89");
    expect(perPeriod("monthly")).toBe("/月");
    expect(perPeriod(undefined)).toBe("");
  });

  it("reckon days in Shanghai", () => {
    expect(shanghaiDay("2026-11-22T16:00:00Z")).toBe("2026-11-23");
    const now = Date.parse("2026-11-22T16:30:00Z");
    expect(formatDay("2026-11-22T16:00:00Z", now)).toBe("今天");
    expect(formatDay("2026-11-22T15:59:00Z", now)).toBe("昨天");
  });

  it("count down and never below zero", () => {
    expect(formatCountdown(125)).toBe("2:05");
    expect(formatCountdown(-3)).toBe("0:00");
  });
});

describe("the list", () => {
  it("has a line for each new day in Shanghai and after a pause", () => {
    const rows = timeline(
      [
        message(1, { at: "2026-11-22T15:50:00Z" }),
        message(2, { at: "2026-11-22T15:51:00Z" }),
        message(3, { at: "2026-11-22T15:58:00Z" }),
        message(4, { at: "2026-11-22T16:00:00Z" }),
      ],
      [],
    );
    expect(rows.map(({ kind }) => kind)).toEqual([
      "day",
      "message",
      "message",
      "time",
      "message",
      "day",
      "message",
    ]);
  });

  it("keeps a row when what was going out is sent", () => {
    const item = {
      client_msg_id: "a",
      type: "text" as const,
      body: {},
      text: "你好",
      at: "2026-11-22T15:50:00Z",
      status: "sending" as const,
    };
    const before = timeline([], [item]).at(-1);
    const after = timeline([message(1, { sender: "customer", client_msg_id: "a" })], []).at(-1);
    expect(after?.key).toBe(before?.key);
  });

  it("names the speaker only at a change", () => {
    const rows = timeline([message(1), message(2), message(3, { sender: "agent" })], []);
    const names = rows.flatMap((row) => (row.kind === "message" ? [row.showName] : []));
    expect(names).toEqual([true, false, true]);
  });
});

it("exclusions stand out by the document's kind or the clause's title", () => {
  expect(isExclusion("exclusions", { text: "酒后驾驶" })).toBe(true);
  expect(isExclusion("terms", { title: "责任免除", text: "" })).toBe(true);
  expect(isExclusion("terms", { title: "保险责任", text: "不包括免责事项" })).toBe(false);
});
