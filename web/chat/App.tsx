// The chat page: opens the session, then shows header, conversation and composer.
import { ConfigProvider, useColorScheme } from "@chatui/core";
import { useCallback, useEffect, useState } from "react";
import { type Preferences, usePreferences } from "../shared/preferences";
import { Composer } from "./composer/Composer";
import { ChatProvider } from "./context";
import { ConnectionBar } from "./header/ConnectionBar";
import { Header } from "./header/Header";
import { MessageList } from "./list/MessageList";
import { Notice } from "./Notice";
import { StartFailed, Starting } from "./Starting";
import type { ChatClient } from "./state/client";
import { createClient } from "./state/connect";
import { moveOutbox } from "./state/outbox";
import { followSession, openSession, storedSession, storeSession } from "./state/session";
import type { Session } from "./state/types";
import { useUnreadTitle } from "./useUnreadTitle";
import { useViewportHeight } from "./useViewportHeight";

interface Opened {
  session: Session;
  client: ChatClient;
}

/** The open conversation of this browser; `again` retries, `switchSession` takes up another one. */
function useConversation() {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);

  const switchSession = useCallback((session: Session | null) => {
    storeSession(session);
    setAttempt((count) => count + 1);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: every attempt opens the stored session anew
  useEffect(() => {
    let client: ChatClient | null = null;
    let gone = false;
    setProblem(null);
    openSession().then(
      (session) => {
        if (gone) return;
        client = createClient(session, {
          onUnknownSession: () => switchSession(null),
          onMoved: (conversation_id) => {
            moveOutbox(localStorage, session.conversation_id, conversation_id);
            switchSession({ ...session, conversation_id });
          },
        });
        client.start();
        setOpened({ session, client });
      },
      (error: Error) => !gone && setProblem(error.message),
    );
    return () => {
      gone = true;
      client?.stop();
      setOpened(null);
    };
  }, [attempt]);

  useEffect(
    () =>
      followSession(() => {
        if (storedSession()) setAttempt((count) => count + 1);
      }),
    [],
  );
  return { opened, problem, switchSession, again: () => setAttempt((count) => count + 1) };
}

function Conversation({
  opened,
  switchSession,
  preferences,
  onPreferences,
}: {
  opened: Opened;
  switchSession: (session: Session | null) => void;
  preferences: Preferences;
  onPreferences: (change: Partial<Preferences>) => void;
}) {
  return (
    <ChatProvider value={{ ...opened, switchSession }}>
      <UnreadTitle />
      <Header preferences={preferences} onPreferences={onPreferences} />
      <ConnectionBar />
      <MessageList />
      <Composer />
      <Notice />
    </ChatProvider>
  );
}

function UnreadTitle() {
  useUnreadTitle();
  return null;
}

export function App() {
  const [preferences, onPreferences] = usePreferences();
  const colorScheme = useColorScheme(preferences.colorScheme);
  const { opened, problem, switchSession, again } = useConversation();
  useViewportHeight();
  return (
    <ConfigProvider locale="zh-CN" elderMode={preferences.elderMode} colorScheme={colorScheme}>
      <div className="page">
        {opened && (
          <Conversation
            key={opened.session.conversation_id}
            opened={opened}
            switchSession={switchSession}
            preferences={preferences}
            onPreferences={onPreferences}
          />
        )}
        {!opened && (problem ? <StartFailed text={problem} onAgain={again} /> : <Starting />)}
      </div>
    </ConfigProvider>
  );
}
