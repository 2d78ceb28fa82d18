// What the pages do beyond plain forms and links. Every page works without this file.

const byId = (id) => document.getElementById(id);

// The error summary gets the focus, so that it is read first.
document.querySelector("[data-focus]")?.focus();

// ---- Keys: data-key="KeyN", "F2", "Alt+Digit1", "Ctrl+Enter", "Escape". Codes, not letters: the same key works in
// ---- the Ukrainian and the Latin layout. data-row-key counts while its table row has the focus.

const LETTERS_OFF = "valiza-letters-off";
const single = (key) => /^Key[A-Z]$/.test(key);
const lettersOn = () => localStorage.getItem(LETTERS_OFF) === null;

function pressed(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  const code = event.code === "NumpadEnter" ? "Enter" : event.code;
  return [...parts, code].join("+");
}

function typing(target) {
  return target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
}

function use(element) {
  if (element.matches("input, select, textarea")) {
    element.focus();
  } else {
    element.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || byId("keys")?.open) return;
  if (event.key === "?" && !typing(event.target)) {
    event.preventDefault();
    showKeys();
    return;
  }
  const key = pressed(event);
  if (single(key) && (typing(event.target) || !lettersOn())) return;
  const row = event.target.closest("[data-rows] tr");
  const selector = (name) => `[${name}="${CSS.escape(key)}"]`;
  const form = event.target.closest("form")?.querySelector(selector("data-key"));
  const found = row?.querySelector(selector("data-row-key")) ?? form ?? document.querySelector(selector("data-key"));
  if (found) {
    event.preventDefault();
    use(found);
  } else if (row) {
    moveBetweenRows(event, row);
  }
});

function moveBetweenRows(event, row) {
  const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
  const link = next?.querySelector("a");
  if (link && !typing(event.target)) {
    event.preventDefault();
    link.focus();
  }
}

function readable(key) {
  const names = { Escape: "Esc", Enter: "Enter" };
  return key.replace(/Key|Digit/, "").replace(/\w+$/, (last) => names[last] ?? last);
}

function showKeys() {
  const dialog = byId("keys");
  if (!dialog) return;
  const shown = new Map();
  for (const element of document.querySelectorAll("[data-key], [data-row-key]")) {
    const words = element.dataset.keyWords ?? element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent;
    shown.set(readable(element.dataset.key ?? element.dataset.rowKey), words.replace(/\s+/g, " ").trim());
  }
  dialog.querySelector("[data-keys-list]").replaceChildren(
    ...[...shown].flatMap(([key, words]) => {
      const term = document.createElement("dt");
      const meaning = document.createElement("dd");
      term.textContent = key;
      // The key itself stands on some buttons; it need not be said twice.
      meaning.textContent = words.endsWith(key) ? words.slice(0, -key.length).trim() : words;
      return [term, meaning];
    }),
  );
  const letters = dialog.querySelector("[data-keys-letters]");
  letters.checked = lettersOn();
  letters.onchange = () =>
    letters.checked ? localStorage.removeItem(LETTERS_OFF) : localStorage.setItem(LETTERS_OFF, "1");
  dialog.showModal();
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// ---- Autosave: <form data-autosave-url="…"> posts itself a second after the last change, and when the field or the
// ---- page is left. The answer's text («Збережено 14:05») goes to the element [data-autosave-status] of the form.

const QUIET = 1000;

function autosave(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer;
  let running = false;
  let dirty = false;

  const say = (words, failed) => {
    if (!status) return;
    status.textContent = words;
    status.classList.toggle("saved-failed", failed);
  };

  async function save() {
    clearTimeout(timer);
    if (!dirty || running) return;
    running = true;
    dirty = false;
    try {
      const answer = await fetch(form.dataset.autosaveUrl, { method: "POST", body: content(form), keepalive: true });
      if (answer.status === 409) {
        // Another tab was quicker. The text is kept beside the newer one; there is nothing to try again.
        say(await answer.text(), true);
        running = false;
        return;
      }
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      say(await answer.text(), false);
    } catch {
      dirty = true;
      say(status?.dataset.failed ?? "", true);
      timer = setTimeout(save, 5 * QUIET);
    }
    running = false;
    if (dirty && !status?.classList.contains("saved-failed")) save();
  }

  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, QUIET);
  });
  form.addEventListener("focusout", save);
  // What is sent for good is no draft any more: nothing may be saved behind it.
  form.addEventListener("submit", () => {
    dirty = false;
    clearTimeout(timer);
  });
  addEventListener("pagehide", save);
  // Another form of the page, the lock above all, must not overtake what was just typed.
  const first = (event) => {
    if (event.target === form || !dirty) return;
    event.preventDefault();
    save().finally(() => event.target.submit());
  };
  addEventListener("submit", first, true);
}

// The form's texts. Files travel by themselves, and a secret is never part of a draft.
function content(form) {
  const secret = (name) => form.querySelector(`input[type=password][name="${CSS.escape(name)}"]`);
  const texts = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !secret(name));
  return new URLSearchParams(texts);
}

document.querySelectorAll("form[data-autosave-url]").forEach(autosave);

// A form is sent once, however often the button is pressed. Back from the next page it can be sent again.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
  } else {
    form.dataset.sent = "yes";
    // An answer that is a file leaves the page where it is.
    setTimeout(() => delete form.dataset.sent, 5000);
  }
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// A browser may hold a page back for its back button, whatever it was told. The screen may be locked by then: such a
// page shows nothing until it has been asked for again.
addEventListener("pagehide", (event) => {
  if (event.persisted) document.body.hidden = true;
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// ---- Live fragments: <div data-refresh="/status|10"> is fetched every 10 seconds. Nothing is replaced if nothing
// ---- changed, so that it is not read again, nor while the focus is in it. Whether somebody typed since is told with
// ---- it, as /status?typing: what locks by itself does not lock under somebody's hands.

let typed = false;
addEventListener("input", () => (typed = true), true);

function refreshing(element) {
  const [url, seconds] = element.dataset.refresh.split("|");
  if (!url || !(seconds > 0)) return;
  let last;
  setInterval(async () => {
    if (document.hidden || element.contains(document.activeElement)) return;
    try {
      const asked = typed ? `${url}${url.includes("?") ? "&" : "?"}typing` : url;
      typed = false;
      const answer = await fetch(asked, { headers: { Accept: "text/html" } });
      // The screen was locked elsewhere, or by itself: what is shown must not stay.
      if (answer.status === 403) location.reload();
      const text = await answer.text();
      if (!answer.ok || answer.redirected || text === last) return;
      const parsed = new DOMParser().parseFromString(text, "text/html").body;
      // Parts for other places of the page: only what differs is put there, and nothing moves.
      for (const part of parsed.querySelectorAll("[data-for]")) {
        const place = byId(part.dataset.for);
        part.remove();
        if (place && place.textContent !== part.textContent) place.replaceChildren(...part.childNodes);
      }
      if (last !== undefined || parsed.textContent.trim() !== element.textContent.trim()) {
        element.replaceChildren(...parsed.childNodes);
      }
      last = text;
    } catch {
      // The program does not answer just now: what stands there stays.
    }
  }, seconds * 1000);
}

document.querySelectorAll("[data-refresh]").forEach(refreshing);

// ---- Suggestions: <input data-suggest-url="…"> as a combobox (ARIA practices, list autocomplete, manual choice).

function suggesting(input) {
  const list = byId(`${input.id}-list`);
  const code = input.form?.elements.namedItem(`${input.name}~code`);
  let timer;
  let asked = 0;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");

  function open(shown) {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) input.removeAttribute("aria-activedescendant");
  }

  function point(option) {
    active()?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function take(option) {
    input.value = option.dataset.value;
    if (code) code.value = option.dataset.code ?? "";
    open(false);
    input.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "chosen" }));
    if (option.dataset.press) press(option.dataset.press);
  }

  // What was taken says more than one line holds: the form is sent with a button of this value.
  function press(value) {
    const button = document.createElement("button");
    Object.assign(button, { name: "do", value, hidden: true });
    input.form?.append(button);
    button.click();
  }

  async function ask() {
    const turn = ++asked;
    const url = new URL(input.dataset.suggestUrl, location.href);
    url.searchParams.set("q", input.value.trim());
    const text = await fetch(url).then((answer) => (answer.ok ? answer.text() : ""), () => "");
    if (turn !== asked || document.activeElement !== input) return;
    list.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.children);
    options().forEach((option, at) => (option.id = `${list.id}-${at}`));
    if (options().length === 0) {
      const none = document.createElement("li");
      none.textContent = input.dataset.suggestNone;
      list.append(none);
    }
    open(true);
  }

  input.addEventListener("input", (event) => {
    if (event.detail === "chosen") return;
    if (code) code.value = "";
    clearTimeout(timer);
    asked += 1;
    if (input.value.trim().length < 2) open(false);
    else timer = setTimeout(ask, 150);
  });

  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.altKey || event.ctrlKey) return;
    const all = options();
    const at = all.indexOf(active());
    if (event.key === "ArrowDown" && all.length) point(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp" && all.length) point(all[(Math.max(at, 0) - 1 + all.length) % all.length]);
    else if (event.key === "Enter" && at >= 0) take(all[at]);
    else if (event.key === "Escape") open(false);
    else return;
    event.preventDefault();
  });

  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  input.addEventListener("blur", () => {
    asked += 1;
    open(false);
  });
}

document.querySelectorAll("[data-suggest-url]").forEach(suggesting);
