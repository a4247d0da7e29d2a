// Saves a protected file: the session's token goes in a header, never in an address.
import { Button } from "@chatui/core";
import { type ReactNode, useState } from "react";
import { saveFile } from "../../shared/http";
import { Icon } from "../../shared/icons";
import { safeUrl } from "../../shared/links";
import { useChat } from "../context";

export function SaveButton({ url, name, children }: { url: unknown; name: string; children: ReactNode }) {
  const { client, session } = useChat();
  const [busy, setBusy] = useState(false);
  const address = safeUrl(url, location.href);
  const own = address !== null && new URL(address).origin === location.origin;
  const save = async () => {
    if (!address) return;
    setBusy(true);
    try {
      await saveFile(address, own ? session.resume_token : null, name);
    } catch (error) {
      client.dispatch({ type: "notice", text: (error as Error).message });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button color="primary" className="with-icon" disabled={!address || busy} onClick={save}>
      <Icon name="download" />
      {busy ? "正在下载…" : children}
    </Button>
  );
}
