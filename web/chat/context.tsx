// How the parts of the page reach the conversation: one client, one session, one state.
import { createContext, useContext, useSyncExternalStore } from "react";
import type { ChatClient } from "./state/client";
import type { ChatState } from "./state/reducer";
import type { Session } from "./state/types";

export interface Chat {
  client: ChatClient;
  session: Session;
  /** Takes up another conversation of the same customer, or a fresh one with null. */
  switchSession: (session: Session | null) => void;
}

const ChatContext = createContext<Chat | null>(null);
export const ChatProvider = ChatContext.Provider;

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("useChat outside ChatProvider");
  return chat;
}

export function useChatState(): ChatState {
  const { client } = useChat();
  return useSyncExternalStore(client.subscribe, client.getState);
}
