// Small parts of the page. Whatever comes from outside becomes a text node, never markup.

export const $ = (id) => document.getElementById(id);

export function el(tag, facts = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export async function ask(path, body) {
  const init = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, init);
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error ?? answer.statusText);
  return found;
}

export function toast(text) {
  const note = el("p", {}, text);
  $("toasts").append(note);
  setTimeout(() => note.remove(), 3500);
}

export const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

export const yuan = (fen) => "¥ " + (fen / 100).toFixed(2);


export function tint(node, id) {
  node.style.setProperty("--hue", String((Math.abs(Number(BigInt(id) % 997n)) * 47) % 360));
  return node;
}

export async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    toast(String(error.message ?? error));
    return null;
  }
}
