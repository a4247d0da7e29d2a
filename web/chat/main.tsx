// Starts the chat page.
import { createRoot } from "react-dom/client";
import "./styles/chatui.less";
import "../shared/theme.css";
import "./styles/page.css";
import "./styles/messages.css";
import "./styles/cards.css";
import "./styles/forms.css";
import "./styles/sheets.css";
import { App } from "./App";

const root = document.getElementById("app");
if (root) createRoot(root).render(<App />);
