// Puts a button on any page of the insurer's site that opens the chat in a frame:
//   <script src="https://assistant.example/static/widget.js" defer></script>
// The frame is loaded on the first click. The page's origin must be in HEYU_ALLOWED_ORIGINS.
(() => {
  const script = document.currentScript;
  if (!script) return;
  const home = new URL("/", script.src).href;
  const PHONE = "(max-width: 600px)";
  const COLOUR = "#0b7a5c";

  const style = (element, rules) => Object.assign(element.style, rules);
  const frame = document.createElement("iframe");
  const button = document.createElement("button");

  function place() {
    const phone = matchMedia(PHONE).matches;
    style(frame, {
      position: "fixed",
      zIndex: "2147483000",
      right: phone ? "0" : "24px",
      bottom: phone ? "0" : "96px",
      width: phone ? "100vw" : "400px",
      height: phone ? "calc(100dvh - 72px)" : "min(680px, calc(100dvh - 120px))",
      border: "0",
      borderRadius: phone ? "16px 16px 0 0" : "16px",
      boxShadow: "0 8px 40px rgba(0, 0, 0, 0.25)",
    });
  }

  function show(open) {
    if (open && !frame.src) {
      frame.src = home;
      document.body.append(frame);
    }
    frame.hidden = !open;
    button.textContent = open ? "收起" : "在线咨询";
    button.setAttribute("aria-expanded", String(open));
    if (open) frame.focus();
  }

  frame.title = "禾屿在线助手";
  frame.allow = "clipboard-write";
  frame.hidden = true;
  place();
  matchMedia(PHONE).addEventListener("change", place);

  button.type = "button";
  style(button, {
    position: "fixed",
    zIndex: "2147483000",
    right: "24px",
    bottom: "24px",
    minHeight: "48px",
    padding: "0 20px",
    border: "0",
    borderRadius: "24px",
    background: COLOUR,
    color: "#fff",
    font: "16px system-ui, sans-serif",
    boxShadow: "0 4px 16px rgba(0, 0, 0, 0.25)",
    cursor: "pointer",
  });
  button.addEventListener("click", () => show(frame.hidden));
  addEventListener("keydown", (event) => event.key === "Escape" && !frame.hidden && show(false));
  show(false);
  document.body.append(button);
})();
