// The cashier page: chooses a method, sends a card or opens a wallet, and shows how the order stands.
const main = document.querySelector("main");
const { order, token } = main.dataset;
const api = `/api/cashier/${encodeURIComponent(order)}`;
const element = (id) => document.getElementById(id);
const form = element("pay");
const POLL_MS = 2000;
const FIELDS = ["holder", "number", "expiry", "cvv"];
const NAMES = { wechat_pay: "微信支付", alipay: "支付宝" };
const RESULTS = {
  processing: { mark: "…", title: "正在确认支付结果", tone: "calm", recheck: true },
  paid: { mark: "✓", title: "支付成功", tone: "good" },
  issued: { mark: "✓", title: "支付成功，保单已生成", tone: "good" },
  expired: { mark: "!", title: "订单已过期", tone: "bad" },
  cancelled: { mark: "!", title: "订单已取消", tone: "bad" },
  refund_pending: { mark: "↩", title: "退款处理中", tone: "calm" },
  refunded: { mark: "↩", title: "已退款", tone: "calm" },
};
const OVER = new Set(["issued", "expired", "cancelled", "refunded"]);

let shown = null;
let wallet = null;
// The device's clock may be wrong: count from the server's.
const skew = Date.parse(main.dataset.now) - Date.now();

async function ask(path, body) {
  const answer = await fetch(api + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { "Content-Type": "application/json", "X-Cashier-Token": token },
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
  });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(content.message ?? "网络不太好，请稍后再试。"), content);
  return content;
}

function show(state, message, detail) {
  const result = RESULTS[state];
  const paying = !result;
  form.hidden = !paying || wallet !== null;
  element("wallet").hidden = !paying || wallet === null;
  element("result").hidden = paying;
  if (shown === state) return;
  shown = state;
  if (paying) problem(state === "failed" || state === "payer_mismatch" ? (detail ?? message) : null);
  if (!result) return;
  element("result").dataset.tone = result.tone;
  element("result-mark").textContent = result.mark;
  element("result-title").textContent = result.title;
  element("result-text").textContent = message;
  element("recheck").hidden = !result.recheck;
  // Inside the chat's own window the sheet has its close button.
  element("back").hidden = !OVER.has(state) || window.parent !== window;
  element("announce").textContent = result.title;
  element("result-title").focus();
}

function problem(text) {
  element("problem").textContent = text ?? "";
  element("problem").hidden = !text;
}

function fieldProblems(fields) {
  for (const name of FIELDS) {
    const said = fields?.[name] ?? "";
    element(`card-${name}-problem`).textContent = said;
    element(`card-${name}`).setAttribute("aria-invalid", String(said !== ""));
  }
  const first = FIELDS.find((name) => fields?.[name]);
  if (first) element(`card-${first}`).focus();
}

function update(status) {
  const failed = status.payment?.status === "failed";
  if (failed || RESULTS[status.state]) wallet = null;
  show(status.state, status.message, failed ? status.payment.failure : null);
}

async function refresh() {
  try {
    update(await ask(""));
  } catch (error) {
    if (error.error === "link_expired") location.reload();
  }
}

async function poll() {
  if (document.visibilityState === "visible") await refresh();
  if (!OVER.has(shown)) window.setTimeout(poll, POLL_MS);
}

function countDown() {
  const left = Math.max(0, Math.floor((Date.parse(main.dataset.expires) - Date.now() - skew) / 1000));
  const minutes = String(Math.floor(left / 60)).padStart(2, "0");
  element("left").textContent = `${minutes}:${String(left % 60).padStart(2, "0")}`;
  element("countdown").hidden = left === 0 || Boolean(RESULTS[shown]);
}

function chooseMethod() {
  const method = new FormData(form).get("method");
  element("card").hidden = !method.endsWith("_card");
  element("credit").hidden = method !== "credit_card";
}

function openWallet(method, answer) {
  wallet = method;
  element("wallet-title").textContent = NAMES[method];
  element("wallet-qr").src = answer.qr;
  element("wallet-open").href = answer.url;
  show("open");
  element("wallet-title").focus();
}

async function pay(event) {
  event.preventDefault();
  const values = Object.fromEntries(new FormData(form));
  const card = values.method.endsWith("_card");
  const body = { method: values.method };
  if (card) body.card = Object.fromEntries(FIELDS.map((name) => [name, values[name]]));
  element("submit").disabled = true;
  problem(null);
  fieldProblems(null);
  try {
    const answer = await ask("/pay", body);
    if (answer.url) openWallet(values.method, answer);
    else {
      form.reset();
      chooseMethod();
      await refresh();
    }
  } catch (error) {
    fieldProblems(error.fields);
    problem(error.message);
    if (!error.fields) await refresh();
  } finally {
    element("submit").disabled = false;
  }
}

async function recheck(event) {
  event.currentTarget.disabled = true;
  try {
    update(await ask("/check", {}));
  } catch (error) {
    element("announce").textContent = error.message;
  } finally {
    event.target.disabled = false;
  }
}

function groupDigits(event) {
  const input = event.target;
  if (input.selectionStart !== input.value.length) return;
  if (input.name === "number") {
    input.value = input.value.replace(/\D/g, "").replace(/(\d{4})(?=\d)/g, "$1 ");
  } else if (input.name === "expiry" && event.inputType !== "deleteContentBackward") {
    input.value = input.value.replace(/\D/g, "").replace(/^(\d{2})(?=\d)/, "$1/");
  }
}

form.addEventListener("submit", pay);
form.addEventListener("change", chooseMethod);
form.addEventListener("input", groupDigits);
element("recheck").addEventListener("click", recheck);
element("wallet-done").addEventListener("click", recheck);
element("wallet-other").addEventListener("click", () => {
  wallet = null;
  show("open");
});
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());

chooseMethod();
show(main.dataset.state, element("result-text").textContent);
countDown();
window.setInterval(countDown, 1000);
poll();
