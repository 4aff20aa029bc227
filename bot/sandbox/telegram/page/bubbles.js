// One message as a bubble: sender, quote, picture, file, formatted words, reactions, buttons.
import { ask, attempt, clock, el, tint, toast } from "./parts.js";
import { say } from "./words.js";

const SIMPLE = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote" };

const OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g;

// Entities count UTF-16 units, as the language's own strings do.
function formatted(text, entities, onCommand, from = 0, to = text.length) {
  const parts = [];
  let at = from;
  const outer = entities.filter((one) => one.offset >= from && one.offset + one.length <= to);
  while (outer.length) {
    const one = outer.shift();
    if (one.offset < at) continue;
    parts.push(text.slice(at, one.offset));
    at = one.offset + one.length;
    const inner = entities.filter((other) => other !== one && entities.indexOf(other) > entities.indexOf(one));
    parts.push(wrapped(one, formatted(text, inner, onCommand, one.offset, at), text.slice(one.offset, at), onCommand));
  }
  parts.push(text.slice(at, to));
  return parts;
}

function wrapped(entity, inside, words, onCommand) {
  if (entity.type === "text_link" && /^(https?|tg):\/\//.test(entity.url)) return el("a", { href: entity.url, target: "_blank", rel: "noopener noreferrer" }, ...inside);
  if (entity.type === "bot_command") return el("button", { type: "button", class: "command", onclick: () => onCommand(words) }, words);
  if (entity.type === "spoiler") return el("span", { class: "spoiler", onclick: (event) => event.currentTarget.classList.add("seen") }, ...inside);
  return el(SIMPLE[entity.type] ?? "span", {}, ...inside);
}

function service(message) {
  const names = (message.new_chat_members ?? []).map((one) => one.first_name).join("、");
  if (names) return `${names} ${say("joined")}`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} ${say("gone")}`;
  if (message.forum_topic_created) return `${say("topic")}: ${message.forum_topic_created.name}`;
  if (message.new_chat_title) return `${say("renamed")} ${message.new_chat_title}`;
  if (message.pinned_message) return `📌 ${(message.pinned_message.text ?? message.pinned_message.caption ?? "…").slice(0, 60)}`;
  return message.migrate_to_chat_id || message.migrate_from_chat_id ? say("moved") : null;
}

function quote(original) {
  const words = original.text ?? original.caption ?? "…";
  return tint(el("div", { class: "quote" }, el("b", {}, el("bdi", {}, original.from.first_name)), el("span", {}, words.slice(0, 90))), original.from.id);
}

function picture(photo, onPicture) {
  const size = photo.at(-1);
  const source = `control/file/${encodeURIComponent(size.file_id)}`;
  return el("img", { class: "photo", src: source, width: size.width, height: size.height, alt: "", onclick: () => onPicture(source) });
}

function file(document) {
  const kilobytes = Math.max(1, Math.round(document.file_size / 1024));
  const source = `control/file/${encodeURIComponent(document.file_id)}`;
  return el("a", { class: "file", href: source, download: document.file_name }, el("span", { class: "icon" }, "📄"),
    el("span", {}, el("bdi", {}, document.file_name.replace(OVERRIDES, "")), el("small", {}, `${kilobytes} kB`)));
}

async function pressed(button, message, me, node) {
  if (button.url) return window.open(button.url, "_blank", "noopener");
  if (button.copy_text) {
    await attempt(() => navigator.clipboard.writeText(button.copy_text.text));
    return toast(`${say("copied")}: ${button.copy_text.text}`);
  }
  node.classList.add("waiting");
  setTimeout(() => node.classList.remove("waiting"), 15000);
  return attempt(() => ask("control/people/press_data", { user: me, chat: message.chat.id, message: message.message_id, data: button.callback_data }));
}

function keyboard(message, me) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  const key = (button) => {
    const node = el("button", { type: "button", class: `key ${button.style ?? ""}` }, button.text, button.copy_text ? el("i", {}, "⧉") : button.url ? el("i", {}, "↗") : null);
    node.addEventListener("click", () => pressed(button, message, me, node));
    return node;
  };
  return rows.length ? el("div", { class: "keys" }, ...rows.map((row) => el("div", {}, ...row.map(key)))) : null;
}

function foot(message) {
  const marks = [message.silent ? "🔕" : "", message.edit_date ? say("edited") : "", clock(message.edit_date ?? message.date)];
  const reactions = Object.values(message.reactions);
  return el("footer", {}, ...reactions.map((emoji) => el("span", { class: "reaction" }, emoji)), el("time", {}, marks.filter(Boolean).join(" ")));
}

// `hands`: me, onCommand(words), onReply(message), onPicture(source).
export function bubble(message, hands) {
  const told = service(message);
  if (told !== null) return el("div", { class: "service", "data-id": message.message_id }, el("span", {}, el("bdi", {}, told)));
  const mine = message.from.id === hands.me;
  const sender = message.sender_chat ? `${message.sender_chat.title} · ${say("anonymous")}` : message.from.first_name;
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities ?? [];
  const origin = message.forward_origin?.sender_user_name;
  const body = el("div", { class: "body" },
    mine ? null : el("b", { class: "sender" }, el("bdi", {}, sender), message.from.is_bot && !message.sender_chat ? el("i", {}, say("bot")) : null),
    origin ? el("div", { class: "origin" }, `${say("forwarded")} `, el("bdi", {}, origin)) : null,
    message.reply_to_message ? quote(message.reply_to_message) : null,
    message.photo ? picture(message.photo, hands.onPicture) : null,
    message.document ? file(message.document) : null,
    text ? el("div", { class: "words", dir: "auto" }, ...formatted(text, entities, hands.onCommand)) : null,
    foot(message));
  const reply = el("button", { type: "button", class: "reply", title: say("reply"), "aria-label": say("reply"), onclick: () => hands.onReply(message) }, "↩");
  const kind = mine ? "mine" : "theirs";
  return tint(el("article", { class: `${kind}${message.photo ? " pictured" : ""}`, "data-id": message.message_id }, el("div", { class: "row" }, body, reply), keyboard(message, hands.me)), message.from.id);
}
