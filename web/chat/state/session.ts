// Who we are to the gateway: a conversation and its secret, shared by all tabs of this browser.
import { askJson } from "../../shared/http";
import type { Session } from "./types";

const KEY = "heyu.session";

export function storedSession(): Session | null {
  try {
    const session = JSON.parse(localStorage.getItem(KEY) ?? "null") as Session | null;
    return session?.conversation_id && session.resume_token ? session : null;
  } catch {
    return null;
  }
}

export function storeSession(session: Session | null): void {
  try {
    if (session) localStorage.setItem(KEY, JSON.stringify(session));
    else localStorage.removeItem(KEY);
  } catch {
    // Refused storage: the session lasts as long as the page.
  }
}

async function create(): Promise<Session> {
  const { conversation_id, resume_token } = await askJson<Session>("/api/session", {
    method: "POST",
    json: {},
  });
  const session = { conversation_id, resume_token };
  storeSession(session);
  return session;
}

/** The browser's session, made when there is none. Two tabs opened at once agree on one where the browser has locks. */
export async function openSession(): Promise<Session> {
  const open = async () => storedSession() ?? (await create());
  return navigator.locks ? navigator.locks.request(KEY, open) : open();
}

/** Calls back when another tab took up a different conversation. */
export function followSession(changed: () => void): () => void {
  const listener = (event: StorageEvent) => event.key === KEY && changed();
  window.addEventListener("storage", listener);
  return () => window.removeEventListener("storage", listener);
}
