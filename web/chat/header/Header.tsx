// Who the customer is talking to, and the switches for colours and type size.

import { Icon, type IconName } from "../../shared/icons";
import type { ColorScheme, Preferences } from "../../shared/preferences";
import { useChatState } from "../context";
import type { ChatState } from "../state/reducer";

const SCHEMES: Record<ColorScheme, { next: ColorScheme; icon: IconName; label: string }> = {
  auto: { next: "light", icon: "auto", label: "颜色：跟随系统" },
  light: { next: "dark", icon: "sun", label: "颜色：浅色" },
  dark: { next: "auto", icon: "moon", label: "颜色：深色" },
};

function partner({ conversation, agentName, queuePosition }: ChatState): string {
  switch (conversation) {
    case "HUMAN":
    case "WRAPUP":
      return agentName ? `人工客服 ${agentName} 为您服务` : "人工客服为您服务";
    case "QUEUED":
    case "OFFERED":
      return queuePosition ? `正在转人工，前面还有 ${queuePosition} 位` : "正在为您转接人工客服";
    default:
      return "AI 智能助手，不是真人";
  }
}

export function Header({
  preferences,
  onPreferences,
}: {
  preferences: Preferences;
  onPreferences: (change: Partial<Preferences>) => void;
}) {
  const state = useChatState();
  const scheme = SCHEMES[preferences.colorScheme];
  return (
    <header className="header">
      <span className="header-logo">
        <Icon name="leaf" />
      </span>
      <div className="header-names">
        <h1>禾屿保险</h1>
        <p role="status">{partner(state)}</p>
      </div>
      <button
        type="button"
        className="header-switch"
        aria-pressed={preferences.elderMode}
        onClick={() => onPreferences({ elderMode: !preferences.elderMode })}
      >
        长辈模式
      </button>
      <button
        type="button"
        className="header-switch header-icon"
        aria-label={scheme.label}
        title={scheme.label}
        onClick={() => onPreferences({ colorScheme: scheme.next })}
      >
        <Icon name={scheme.icon} />
      </button>
    </header>
  );
}
