// A half-filled form survives a reload of its tab, without identity numbers and codes (see `draftOf`).

const key = (conversationId: string, formId: string) => `heyu.draft.${conversationId}.${formId}`;

export function loadDraft(conversationId: string, formId: string): Record<string, unknown> {
  try {
    return JSON.parse(sessionStorage.getItem(key(conversationId, formId)) ?? "{}");
  } catch {
    return {};
  }
}

export function saveDraft(conversationId: string, formId: string, draft: Record<string, unknown>): void {
  try {
    sessionStorage.setItem(key(conversationId, formId), JSON.stringify(draft));
  } catch {
    // Full or refused storage: the draft lasts as long as the page.
  }
}

export function dropDraft(conversationId: string, formId: string): void {
  try {
    sessionStorage.removeItem(key(conversationId, formId));
  } catch {
    // Nothing was kept where storage is refused.
  }
}
