// Anyone may check a policy: by its number and the holder's name, or by its PDF.
import { Button, ConfigProvider, Input, useColorScheme } from "@chatui/core";
import { type FormEvent, useState } from "react";
import { askJson } from "../shared/http";
import { Icon } from "../shared/icons";
import { usePreferences } from "../shared/preferences";
import { Verdict, type VerdictBody } from "./Verdict";

const PDF_LIMIT_MB = 8;

function useCheck() {
  const [verdict, setVerdict] = useState<VerdictBody | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const check = async (request: { json?: unknown; body?: BodyInit }) => {
    setBusy(true);
    setProblem(null);
    setVerdict(null);
    try {
      setVerdict(await askJson<VerdictBody>("/api/policies/verify", { method: "POST", ...request }));
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return { verdict, problem, busy, check, setProblem };
}

type Check = ReturnType<typeof useCheck>;

function ByNumber({ busy, check }: Check) {
  const [policyNo, setPolicyNo] = useState(() => new URLSearchParams(location.search).get("no") ?? "");
  const [holder, setHolder] = useState("");
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void check({ json: { policy_no: policyNo.trim().toUpperCase(), holder_name: holder.trim() } });
  };
  return (
    <form className="panel" autoComplete="off" onSubmit={onSubmit}>
      <h2>用保单号查验</h2>
      <label htmlFor="policy-no">保单号</label>
      <Input
        id="policy-no"
        placeholder="HY 开头，共 15 位"
        maxLength={20}
        showCount={false}
        value={policyNo}
        onChange={setPolicyNo}
      />
      <label htmlFor="holder">投保人姓名</label>
      <Input id="holder" maxLength={30} showCount={false} value={holder} onChange={setHolder} />
      <Button type="submit" color="primary" block disabled={busy || !policyNo.trim() || !holder.trim()}>
        查验
      </Button>
    </form>
  );
}

function ByFile({ busy, check, setProblem }: Check) {
  const [file, setFile] = useState<File | null>(null);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!file) return;
    if (file.size > PDF_LIMIT_MB * 1024 * 1024) return setProblem(`文件超过 ${PDF_LIMIT_MB} MB`);
    const body = new FormData();
    body.append("file", file);
    void check({ body });
  };
  return (
    <form className="panel" onSubmit={onSubmit}>
      <h2>用电子保单文件查验</h2>
      <label htmlFor="policy-file">电子保单（PDF）</label>
      <input
        id="policy-file"
        type="file"
        accept="application/pdf,.pdf"
        onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
      />
      <p className="hint">只检查签名和内容是否被改动，文件不会被保存。</p>
      <Button type="submit" color="primary" block disabled={busy || !file}>
        查验文件
      </Button>
    </form>
  );
}

export function VerifyPage() {
  const [preferences, change] = usePreferences();
  const colorScheme = useColorScheme(preferences.colorScheme);
  const state = useCheck();
  return (
    <ConfigProvider locale="zh-CN" elderMode={preferences.elderMode} colorScheme={colorScheme}>
      <main className="verify">
        <header>
          <h1>
            <Icon name="shield" /> 保单验真
          </h1>
          <button
            type="button"
            aria-pressed={preferences.elderMode}
            onClick={() => change({ elderMode: !preferences.elderMode })}
          >
            长辈模式
          </button>
        </header>
        <p className="muted">
          查验禾屿签发的电子保单是否真实、有没有被改动。我们不会在这里索要密码、验证码或让您转账。
        </p>
        <div role="status" aria-live="polite">
          {state.busy && <p className="muted">正在查验…</p>}
          {state.verdict && <Verdict verdict={state.verdict} />}
        </div>
        <div role="alert">{state.problem && <p className="problem">{state.problem}</p>}</div>
        <div className="panels">
          <ByNumber {...state} />
          <ByFile {...state} />
        </div>
        <p className="center">
          <a href="/">返回在线助手</a>
        </p>
      </main>
    </ConfigProvider>
  );
}
