// The chat as its people see it; follows the world by long polling.
import { bubble } from "./bubbles.js";
import { $, ask, attempt, el, tint, toast } from "./parts.js";
import { open as openStreet } from "./street.js";
import { label, say } from "./words.js";

const MAX_FILE = 20 * 1024 * 1024;
const world = { version: 0, bot: null, users: new Map(), chats: new Map(), messages: new Map(), calls: [], presses: new Map() };
const here = { me: 0, chat: 0, topic: null, reply: null, unread: new Map() };

// -- news

async function follow() {
  for (let lost = false; ; ) {
    try {
      take(await ask(`control/changes?after=${world.version}&wait_s=${world.version ? 25 : 0}`));
      lost = false;
    } catch {
      if (!lost) toast(say("lost"));
      lost = true;
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}

function take(news) {
  if (news.version < world.version) return location.reload();
  const first = world.version === 0;
  Object.assign(world, { version: news.version, bot: news.bot });
  for (const user of news.users) world.users.set(user.id, user);
  for (const chat of news.chats) world.chats.set(chat.id, chat);
  for (const message of news.messages) keep(message, first);
  for (const press of news.presses) answered(press, first);
  world.calls = [...world.calls, ...news.calls].slice(-80);
  draw(news);
}

function keep(message, first) {
  const chat = message.chat.id;
  if (!world.messages.has(chat)) world.messages.set(chat, new Map());
  const isNew = !world.messages.get(chat).has(message.message_id);
  world.messages.get(chat).set(message.message_id, message);
  if (isNew && !first && chat !== here.chat) here.unread.set(chat, (here.unread.get(chat) ?? 0) + 1);
}

function answered(press, first) {
  const known = world.presses.get(press.id);
  world.presses.set(press.id, press);
  if (first || press.user !== here.me || !press.answer || known?.answer) return;
  for (const key of document.querySelectorAll(`[data-id="${press.message}"] .waiting`)) key.classList.remove("waiting");
  if (press.answer.show_alert) {
    $("alert").querySelector("p").textContent = press.answer.text;
    $("alert").showModal();
  } else if (press.answer.text) toast(press.answer.text);
}

// -- drawing

const isMine = (chat) => chat.type === "private" ? chat.id === here.me : ["creator", "administrator", "member", "restricted"].includes(chat.members[here.me]);

function people() {
  const present = new Set();
  for (const chat of world.chats.values()) for (const id of chat.type === "private" ? [chat.id] : Object.keys(chat.members)) present.add(Number(id));
  return [...world.users.values()].filter((user) => !user.is_bot && present.has(user.id));
}

function draw(news) {
  drawPeople();
  drawChats();
  drawTopics();
  drawPinned();
  drawLog(news);
  if (news?.calls.length) drawCalls(news.calls);
}

function drawPeople() {
  const found = people();
  if (!found.some((user) => user.id === here.me)) here.me = found[0]?.id ?? 0;
  if ($("me").options.length !== found.length) $("me").replaceChildren(...found.map((user) => el("option", { value: user.id }, user.first_name)));
  $("me").value = String(here.me);
  $("persona").hidden = found.length < 2;
}

function drawChats() {
  const mine = [...world.chats.values()].filter(isMine).filter((chat) => !chat.migrated).sort((a, b) => (a.type === "private") - (b.type === "private"));
  if (!mine.some((chat) => chat.id === here.chat)) Object.assign(here, { chat: mine[0]?.id ?? 0, topic: null });
  here.unread.delete(here.chat);
  const tab = (chat) => {
    const title = chat.type === "private" ? `${world.users.get(world.bot.id)?.first_name ?? ""} · ${say("private")}` : chat.title;
    const count = here.unread.get(chat.id);
    return tint(el("button", { type: "button", role: "tab", "aria-selected": String(chat.id === here.chat), onclick: () => go(chat.id) },
      el("span", { class: "avatar" }, [...title][0] ?? "?"), el("bdi", {}, title), count ? el("em", {}, String(count)) : null), chat.id);
  };
  $("chats").replaceChildren(...mine.map(tab));
}

function go(chat) {
  Object.assign(here, { chat, topic: null });
  quoting(null);
  drawn.clear();
  $("log").replaceChildren();
  draw();
  toEnd();
}

function drawTopics() {
  const chat = world.chats.get(here.chat);
  $("topics").hidden = !chat?.topics.length;
  const chip = (id, name) => el("button", { type: "button", "aria-pressed": String(here.topic === id), onclick: () => { go(here.chat); here.topic = id; draw(); toEnd(); } }, el("bdi", {}, name));
  $("topics").replaceChildren(...(chat?.topics.length ? [chip(null, say("general")), ...chat.topics.map((one) => chip(one.id, one.name))] : []));
}

function drawPinned() {
  const chat = world.chats.get(here.chat);
  const message = world.messages.get(here.chat)?.get(chat?.pinned.at(-1));
  $("pinned").hidden = !message || message.deleted;
  $("pinned").replaceChildren(...(message ? [el("b", {}, say("pinned")), el("span", {}, (message.text ?? message.caption ?? "").slice(0, 80))] : []));
  $("pinned").onclick = () => drawn.get(message?.message_id)?.node.scrollIntoView({ block: "center" });
}

const drawn = new Map();

function shown() {
  const all = [...(world.messages.get(here.chat)?.values() ?? [])].filter((one) => !one.deleted).slice(-300);
  return here.topic === null ? all : all.filter((one) => one.message_thread_id === here.topic);
}

function drawLog() {
  const log = $("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const hands = { me: here.me, onCommand: (words) => type(words), onReply: quoting, onPicture: enlarge };
  const wanted = shown().sort((a, b) => a.message_id - b.message_id);
  const ids = new Set(wanted.map((one) => one.message_id));
  for (const [id, one] of drawn) if (!ids.has(id)) { one.node.remove(); drawn.delete(id); }
  let before = null;
  for (const message of wanted) {
    const old = drawn.get(message.message_id);
    if (old?.message !== message || old?.me !== here.me) {
      const node = bubble(message, hands);
      if (old) old.node.replaceWith(node);
      else if (before) before.after(node);
      else log.prepend(node);
      drawn.set(message.message_id, { node, message, me: here.me });
    }
    before = drawn.get(message.message_id).node;
  }
  typing(log);
  if (atEnd) toEnd();
  else $("newest").hidden = false;
}

function typing(log) {
  log.querySelector(".typing")?.remove();
  if (world.chats.get(here.chat)?.typing) log.append(el("div", { class: "typing" }, `${world.users.get(world.bot.id)?.first_name ?? ""} ${say("typing")}`));
}

function toEnd() {
  $("log").scrollTop = $("log").scrollHeight;
  $("newest").hidden = true;
}

function drawCalls(calls) {
  const line = (call) => el("li", { class: call.outcome === "ok" ? "" : "failed" }, el("b", {}, call.method), ` ${call.outcome} `,
    el("span", {}, Object.entries(call.asked).map(([key, value]) => `${key}=${value}`).join(" ").slice(0, 240)));
  $("calls").prepend(...calls.map(line).reverse());
  while ($("calls").children.length > 80) $("calls").lastChild.remove();
}

function enlarge(source) {
  $("picture").querySelector("img").src = source;
  $("picture").showModal();
}

// -- the person's hands

function quoting(message) {
  here.reply = message;
  $("quoting").hidden = !message;
  if (!message) return;
  $("quoting").querySelector("span").textContent = `↩ ${message.from.first_name}: ${(message.text ?? message.caption ?? "…").slice(0, 60)}`;
  $("words").focus();
}

const where = () => ({ user: here.me, chat: here.chat, ...(here.reply ? { reply_to: here.reply.message_id } : {}), ...(here.topic ? { topic: here.topic } : {}) });

async function type(words) {
  if (!words.trim() || !here.chat) return;
  const wish = { ...where(), text: words };
  quoting(null);
  await attempt(() => ask("control/people/type", wish));
  toEnd();
}

async function upload(file) {
  if (!file) return;
  if (file.size > MAX_FILE) return toast(say("too_big"));
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
  const { user, chat, ...more } = where();
  const caption = $("words").value;
  $("words").value = "";
  quoting(null);
  const wish = { user, chat, name: file.name, content: btoa(binary), more: { ...more, caption, mime: file.type || "application/octet-stream" } };
  await attempt(() => ask("control/people/upload", wish));
  toEnd();
}

async function offer() {
  const menu = $("menu");
  if (!menu.hidden) return void (menu.hidden = true);
  const found = await attempt(() => ask(`control/menu?user=${here.me}&chat=${here.chat}`));
  const entry = (one) => el("li", {}, el("button", { type: "button", onclick: () => { menu.hidden = true; type(`/${one.command}`); } }, el("b", {}, `/${one.command}`), ` ${one.description}`));
  menu.replaceChildren(...(found?.commands ?? []).map(entry));
  menu.hidden = !menu.children.length;
}

function grow() {
  $("words").style.height = "auto";
  $("words").style.height = `${Math.min($("words").scrollHeight, 140)}px`;
}

function submit() {
  const words = $("words").value;
  $("words").value = "";
  $("menu").hidden = true;
  grow();
  type(words);
}

function wireHands() {
  $("words").placeholder = say("write");
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  $("words").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  });
  $("words").addEventListener("input", grow);
  $("file").addEventListener("change", () => { upload($("file").files[0]); $("file").value = ""; });
  $("commands").addEventListener("click", offer);
  $("newest").addEventListener("click", toEnd);
  $("log").addEventListener("scroll", () => { if ($("log").scrollHeight - $("log").scrollTop - $("log").clientHeight < 80) $("newest").hidden = true; });
  $("quoting").querySelector("button").addEventListener("click", () => quoting(null));
  $("me").addEventListener("change", () => { here.me = Number($("me").value); draw(); });
  for (const button of document.querySelectorAll("#views button")) button.addEventListener("click", () => { document.body.dataset.view = button.dataset.view; toEnd(); });
}

label();
wireHands();
follow();
openStreet();
