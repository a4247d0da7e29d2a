// Reads one document: numbered clauses, exclusions marked, confirmed only by an explicit press at the end.
import { Button } from "@chatui/core";
import { useEffect, useRef, useState } from "react";
import { askJson } from "../../shared/http";
import { useChat } from "../context";
import type { DocumentBody } from "../state/types";
import { type Clause, type DocumentText, isExclusion } from "./clauses";
import { Sheet } from "./Sheet";
import { type Reading, useReading } from "./useReading";

function useDocumentText(url: string) {
  const { session } = useChat();
  const [text, setText] = useState<DocumentText | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt loads again
  useEffect(() => {
    const stop = new AbortController();
    setProblem(null);
    askJson<DocumentText>(url, { token: session.resume_token, signal: stop.signal }).then(
      (loaded) => !stop.signal.aborted && setText(loaded),
      (error: Error) => !stop.signal.aborted && setProblem(error.message),
    );
    return () => stop.abort();
  }, [url, session.resume_token, attempt]);
  return { text, problem, again: () => setAttempt((count) => count + 1) };
}

function ClauseText({ clause, excluding }: { clause: Clause; excluding: boolean }) {
  return (
    <section className={excluding ? "clause clause-excluding" : "clause"}>
      {(clause.number || clause.title) && (
        <h3>
          {clause.number && <span className="clause-number">{clause.number}</span>} {clause.title}
          {excluding && <em>免责</em>}
        </h3>
      )}
      <p className="pre">{clause.text}</p>
    </section>
  );
}

/** Why the document cannot be confirmed yet, or null when it can. */
function stillMissing({ reachedEnd, secondsLeft }: Reading): string | null {
  if (!reachedEnd) return "请阅读至末尾";
  return secondsLeft > 0 ? `请继续阅读（${secondsLeft} 秒）` : null;
}

function useConfirm(documentId: string, onClose: () => void) {
  const { client } = useChat();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const confirm = async () => {
    setBusy(true);
    setProblem(null);
    const ack = await client.confirmDocument(documentId);
    setBusy(false);
    if (ack.error === undefined) onClose();
    else setProblem(ack.message ?? ack.error);
  };
  return { busy, problem, confirm };
}

export interface DocumentReaderProps {
  document: DocumentBody;
  confirmed: boolean;
  onClose: () => void;
}

export function DocumentReader({ document: body, confirmed, onClose }: DocumentReaderProps) {
  const box = useRef<HTMLDivElement>(null);
  const { text, problem, again } = useDocumentText(body.url);
  const reading = useReading(box, text !== null, body.min_seconds ?? 0);
  const { busy, problem: refusal, confirm } = useConfirm(body.document_id, onClose);
  const missing = stillMissing(reading);
  const footer = !confirmed && text && (
    <>
      {refusal && (
        <p className="problem" role="alert">
          {refusal}
        </p>
      )}
      <Button color="primary" block disabled={missing !== null || busy} onClick={confirm}>
        {missing ?? body.confirm_label ?? "我已阅读并确认"}
      </Button>
    </>
  );
  return (
    <Sheet title={body.title} onClose={onClose} footer={footer}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled text must be reachable by keyboard */}
      <div className="reader" ref={box} tabIndex={0} onScroll={reading.onScroll}>
        {problem && (
          <p className="problem" role="alert">
            {problem} <Button onClick={again}>重试</Button>
          </p>
        )}
        {!text && !problem && <p className="muted">正在加载…</p>}
        {text?.version && <p className="muted">版本 {text.version}</p>}
        {text?.clauses.map((clause, place) => (
          <ClauseText
            // biome-ignore lint/suspicious/noArrayIndexKey: clauses never move and may have no number
            key={place}
            clause={clause}
            excluding={isExclusion(body.kind, clause)}
          />
        ))}
        {text && <p className="muted reader-end">— 全文完 —</p>}
      </div>
    </Sheet>
  );
}
