// The buyers of the pretend marketplace: who they are, what they say and buy.
import { $, ask, attempt, clock, el, tint, yuan } from "./parts.js";
import { say } from "./words.js";

const LOOK_S = 1.2;
const ACTS = {
  pending_payment: ["pay", "cancel"], pending_ship: ["ask_refund", "cancel"], shipped: ["confirm", "ask_refund"],
  completed: ["ask_refund"], closed: [], refunded: [],
};
const street = { buyers: [], items: [], chats: [], orders: [], buyer: null, item: null, asked: "" };

export async function open() {
  const first = await ask("market").catch(() => null);
  if (!first) return document.body.classList.add("no-street");
  $("street").hidden = false;
  $("new-buyer").textContent = say("new_buyer");
  $("buyer-words").placeholder = say("write_buyer");
  $("order").textContent = say("order");
  $("new-buyer").addEventListener("click", comes);
  $("talk").addEventListener("submit", (event) => { event.preventDefault(); talk(); });
  $("order").addEventListener("click", () => act("order", { buyer_id: street.buyer, item_id: street.item }));
  $("item").addEventListener("change", () => { street.item = $("item").value; draw(); });
  take(first);
  for (;;) {
    await new Promise((done) => setTimeout(done, LOOK_S * 1000));
    if (!document.hidden) take((await ask("market").catch(() => null)) ?? street);
  }
}

function take(found) {
  const asked = JSON.stringify([found.buyers, found.items, found.chats, found.orders]);
  if (asked === street.asked) return;
  Object.assign(street, found, { asked });
  draw();
}

async function act(verb, wish) {
  const done = await attempt(() => ask(`market/${verb}`, wish));
  take((await ask("market").catch(() => null)) ?? street);
  return done;
}

async function comes() {
  const done = await act("buyers", {});
  if (done) choose(done.buyer_id);
}

function choose(buyer) {
  street.buyer = buyer;
  const chat = street.chats.find((one) => one.buyer_id === buyer);
  street.item = chat?.item_id ?? street.item ?? street.items[0]?.item_id ?? null;
  draw();
  $("buyer-words").focus({ preventScroll: true });
}

function talk() {
  const text = $("buyer-words").value.trim();
  if (!text || !street.buyer || !street.item) return;
  $("buyer-words").value = "";
  act("talk", { buyer_id: street.buyer, item_id: street.item, text });
}

function draw() {
  const latest = (buyer) => Math.max(0, ...street.chats.filter((one) => one.buyer_id === buyer.buyer_id).map((one) => one.modified_ms));
  const shown = [...street.buyers].sort((a, b) => latest(b) - latest(a)).slice(0, 30);
  const chip = (buyer) => tint(el("button", { type: "button", "aria-pressed": String(buyer.buyer_id === street.buyer), onclick: () => choose(buyer.buyer_id) },
    el("span", { class: "avatar" }, [...buyer.nick][0] ?? "?"), el("bdi", {}, buyer.nick), el("small", {}, state(buyer.buyer_id))), buyer.buyer_id);
  $("buyers").replaceChildren(...shown.map(chip));
  $("hint").hidden = street.buyer !== null;
  $("buyer").hidden = street.buyer === null;
  if (street.buyer !== null) drawBuyer();
}

const state = (buyer) => {
  const order = street.orders.find((one) => one.buyer_id === buyer);
  return order ? say(order.refunding ? "refunding" : order.status) : "";
};

function drawBuyer() {
  if ($("item").options.length !== street.items.length) $("item").replaceChildren(...street.items.map((one) => el("option", { value: one.item_id }, `${one.title} · ${yuan(one.price_fen)}`)));
  $("item").value = street.item ?? "";
  const lines = street.chats.find((one) => one.buyer_id === street.buyer && one.item_id === street.item)?.lines ?? [];
  const line = (one) => el("p", { class: one.mine ? "mine" : one.typed ? "theirs" : "service" }, el("span", { dir: "auto" }, one.text), el("time", {}, clock(one.at_ms / 1000)));
  $("lines").replaceChildren(...lines.map(line));
  $("lines").scrollTop = $("lines").scrollHeight;
  $("orders").replaceChildren(...street.orders.filter((one) => one.buyer_id === street.buyer).map(card));
}

function card(order) {
  const acts = order.refunding ? ["withdraw_refund"] : ACTS[order.status] ?? [];
  const title = street.items.find((one) => one.item_id === order.item_id)?.title ?? order.item_id;
  const button = (verb) => el("button", { type: "button", class: verb === "pay" || verb === "confirm" ? "primary" : "", onclick: () => act(verb, { order_id: order.order_id }) }, say(verb));
  return el("div", { class: "card" }, el("b", {}, `${title} × ${order.quantity}`), el("span", {}, `${yuan(order.amount_fen)} · ${say(order.refunding ? "refunding" : order.status)}`), el("div", {}, ...acts.map(button)));
}
