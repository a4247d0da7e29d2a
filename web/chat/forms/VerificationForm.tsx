// Makes the customer known: a phone and the code sent to it. The code goes to the gateway only, never into the chat.
import { Button } from "@chatui/core";
import { type FormEvent, useEffect, useState } from "react";
import { askJson, RequestFailed } from "../../shared/http";
import { useChat } from "../context";
import { FieldRow } from "./FieldRow";
import type { Field } from "./types";

const PHONE: Field = {
  name: "phone",
  label: "手机号",
  kind: "phone",
  required: true,
  placeholder: "11 位手机号",
};
const CODE: Field = {
  name: "code",
  label: "短信验证码",
  kind: "code",
  required: true,
  placeholder: "6 位数字",
};
const PAUSE_SECONDS = 60;

function useCountdown(): [number, () => void] {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (seconds === 0) return;
    const timer = window.setTimeout(() => setSeconds(seconds - 1), 1_000);
    return () => window.clearTimeout(timer);
  }, [seconds]);
  return [seconds, () => setSeconds(PAUSE_SECONDS)];
}

function useVerification() {
  const { client, session, switchSession } = useChat();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [errors, setErrors] = useState<Record<string, string>>({});

  const attempt = async (action: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    setErrors({});
    try {
      await action();
    } catch (error) {
      setProblem((error as Error).message);
      if (error instanceof RequestFailed) setErrors(error.fields);
    } finally {
      setBusy(false);
    }
  };
  const requestCode = (phone: string) =>
    askJson("/api/session/verify/code", { method: "POST", token: session.resume_token, json: { phone } });
  const verify = async (phone: string, code: string) => {
    const { conversation_id } = await askJson<{ conversation_id: string }>("/api/session/verify", {
      method: "POST",
      token: session.resume_token,
      json: { phone, code },
    });
    client.dispatch({ type: "verified" });
    if (conversation_id !== session.conversation_id) switchSession({ ...session, conversation_id });
  };
  return { busy, problem, errors, attempt, requestCode, verify };
}

export function VerificationForm() {
  const [phone, setPhone] = useState("");
  const [code, setCode] = useState("");
  const [asked, setAsked] = useState(false);
  const [done, setDone] = useState(false);
  const [wait, startWait] = useCountdown();
  const { busy, problem, errors, attempt, requestCode, verify } = useVerification();

  const ask = () =>
    attempt(async () => {
      await requestCode(phone.trim());
      setAsked(true);
      startWait();
    });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      await verify(phone.trim(), code.trim());
      setDone(true);
    });
  };
  if (done) return <p className="done">手机号已验证</p>;
  return (
    <form noValidate autoComplete="off" onSubmit={onSubmit}>
      <FieldRow
        field={PHONE}
        path="phone"
        value={phone}
        error={errors.phone}
        onChange={(value) => setPhone(String(value))}
      />
      <div className="code-line">
        <FieldRow
          field={CODE}
          path="code"
          value={code}
          error={errors.code}
          onChange={(value) => setCode(String(value))}
        />
        <Button className="ask-code" disabled={busy || wait > 0 || phone.trim() === ""} onClick={ask}>
          {wait > 0 ? `${wait} 秒后重发` : asked ? "重新获取" : "获取验证码"}
        </Button>
      </div>
      <p className="hint" role="status">
        {asked
          ? "验证码已发送，5 分钟内有效。请只在这里填写，不要告诉任何人。"
          : "验证码只在这里填写，不要告诉任何人。"}
      </p>
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
      <Button type="submit" color="primary" block disabled={busy || !asked || code.trim() === ""}>
        验证
      </Button>
    </form>
  );
}
