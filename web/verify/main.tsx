// Starts the policy verification page.
import { createRoot } from "react-dom/client";
import "../chat/styles/chatui.less";
import "../shared/theme.css";
import "./verify.css";
import { VerifyPage } from "./VerifyPage";

const root = document.getElementById("app");
if (root) createRoot(root).render(<VerifyPage />);
