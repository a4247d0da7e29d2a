// One way to ask the gateway for JSON, with its errors as one class.

export class RequestFailed extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Record<string, string> = {},
  ) {
    super(message);
  }
}

const OFFLINE = "网络不通，请检查后重试。";
const UNEXPECTED = "服务暂时不可用，请稍后再试。";

export interface Ask {
  method?: "GET" | "POST";
  token?: string | null;
  json?: unknown;
  body?: BodyInit;
  signal?: AbortSignal;
}

/** Fetches `url`; a refusal or a dead network becomes `RequestFailed` (status 0 without a network). */
export async function ask(
  url: string,
  { method = "GET", token, json, body, signal }: Ask = {},
): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json, */*" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (json !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      body: json === undefined ? body : JSON.stringify(json),
      signal,
    });
  } catch {
    throw new RequestFailed(0, "offline", OFFLINE);
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new RequestFailed(
    response.status,
    String(problem.error ?? "unexpected"),
    String(problem.message ?? UNEXPECTED),
    problem.fields ?? {},
  );
}

/** Like `ask`, giving the parsed body; an empty body is `{}`. */
export async function askJson<Body>(url: string, options: Ask = {}): Promise<Body> {
  const text = await (await ask(url, options)).text();
  return (text ? JSON.parse(text) : {}) as Body;
}

/** Fetches a file with the session's token and hands it to the browser to save. */
export async function saveFile(url: string, token: string | null, name: string): Promise<void> {
  const blob = await (await ask(url, { token })).blob();
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
