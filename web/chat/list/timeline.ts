// Turns messages and what is still being sent into the rows of the list. Pure.
import { shanghaiDay } from "../../shared/format";
import type { Message, Outgoing, Sender } from "../state/types";

export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "time"; key: string; at: string }
  | { kind: "message"; key: string; message: Message; showName: boolean }
  | { kind: "outgoing"; key: string; item: Outgoing };

const PAUSE_MS = 5 * 60_000;

/** Rows in order: a day line at each new day in Shanghai, a time after five minutes' pause, names at a change of speaker. */
export function timeline(messages: Message[], outbox: Outgoing[]): Row[] {
  const rows: Row[] = [];
  let lastAt = "";
  let lastSender: Sender | null = null;
  for (const message of messages) {
    if (!lastAt || shanghaiDay(lastAt) !== shanghaiDay(message.at)) {
      rows.push({ kind: "day", key: `day-${message.seq}`, at: message.at });
      lastSender = null;
    } else if (Date.parse(message.at) - Date.parse(lastAt) > PAUSE_MS) {
      rows.push({ kind: "time", key: `time-${message.seq}`, at: message.at });
      lastSender = null;
    }
    // A message keeps its row when its acknowledgement turns it from outgoing into sent.
    const key = message.client_msg_id ?? message.message_id;
    rows.push({ kind: "message", key, message, showName: message.sender !== lastSender });
    lastAt = message.at;
    lastSender = message.sender;
  }
  for (const item of outbox) rows.push({ kind: "outgoing", key: item.client_msg_id, item });
  return rows;
}
