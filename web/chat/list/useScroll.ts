// Where the list stands: follows new messages unless the customer scrolled away, and counts what was not seen.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useChat, useChatState } from "../context";

const NEAR_PX = 80;
const MARGIN_PX = 12;
const EARLIER_PX = 160;

/** The customer's latest word, or the first message of a later turn that nobody asked for (a policy after payment). */
function turnStart(box: HTMLElement): HTMLElement | undefined {
  const rows = [...box.querySelectorAll<HTMLElement>("article.row")];
  const own = rows.map((row) => row.dataset.own).lastIndexOf("true");
  const asked = rows[own + 1]?.dataset.turn;
  const turn = rows.at(-1)?.dataset.turn;
  const later =
    turn === asked ? -1 : rows.findIndex((row, place) => place > own && row.dataset.turn === turn);
  return rows[later] ?? rows[own];
}

/** As far down as possible without pushing the start of the latest turn out of sight; never upwards. */
function followTarget(box: HTMLElement): number {
  const end = box.scrollHeight - box.clientHeight;
  const anchor = turnStart(box);
  const start = anchor ? anchor.offsetTop - MARGIN_PX : end;
  return Math.max(box.scrollTop, Math.min(end, start));
}

function unseenRows(box: HTMLElement, seenSeq: number): number {
  const bottom = box.scrollTop + box.clientHeight;
  const rows = [...box.querySelectorAll<HTMLElement>("[data-seq][data-own='false']")];
  return rows.filter((row) => Number(row.dataset.seq) > seenSeq && row.offsetTop > bottom - MARGIN_PX).length;
}

export interface Scrolling {
  box: RefObject<HTMLDivElement>;
  away: boolean;
  unseen: number;
  onScroll: () => void;
  toEnd: () => void;
}

export function useScroll(): Scrolling {
  const { client } = useChat();
  const state = useChatState();
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const target = useRef(0);
  const seenSeq = useRef(0);
  const before = useRef({ firstSeq: 0, height: 0, waiting: 0 });
  const [away, setAway] = useState(false);
  const [unseen, setUnseen] = useState(0);

  const look = useCallback(() => {
    const list = box.current;
    if (!list) return;
    const near = list.scrollHeight - list.clientHeight - list.scrollTop < NEAR_PX;
    const last = client.getState().messages.at(-1)?.seq ?? 0;
    if (near && !document.hidden) {
      seenSeq.current = last;
      client.markRead(last);
    }
    setAway(!near);
    setUnseen(near ? 0 : unseenRows(list, seenSeq.current));
  }, [client]);

  const follow = useCallback(() => {
    const list = box.current;
    if (list && following.current) {
      target.current = followTarget(list);
      list.scrollTop = target.current;
    }
    look();
  }, [look]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs whenever the rows may have changed
  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    const firstSeq = state.messages[0]?.seq ?? 0;
    if (state.outbox.length > before.current.waiting) following.current = true;
    if (before.current.firstSeq > 0 && firstSeq < before.current.firstSeq) {
      list.scrollTop += list.scrollHeight - before.current.height;
    } else {
      follow();
    }
    before.current = { firstSeq, height: list.scrollHeight, waiting: state.outbox.length };
  }, [state.messages, state.outbox, state.typing, state.ready]);

  useEffect(() => {
    const list = box.current;
    if (!list) return;
    const observer = new ResizeObserver(follow);
    observer.observe(list);
    document.addEventListener("visibilitychange", look);
    return () => {
      observer.disconnect();
      document.removeEventListener("visibilitychange", look);
    };
  }, [follow, look]);

  const onScroll = () => {
    const list = box.current;
    if (!list) return;
    const left = list.scrollHeight - list.clientHeight - list.scrollTop;
    following.current = left < NEAR_PX || Math.abs(list.scrollTop - target.current) < NEAR_PX;
    if (list.scrollTop < EARLIER_PX) void client.loadEarlier();
    look();
  };
  const toEnd = () => {
    const list = box.current;
    if (!list) return;
    following.current = true;
    list.scrollTo({ top: list.scrollHeight, behavior: "smooth" });
  };
  return { box, away, unseen, onScroll, toEnd };
}
