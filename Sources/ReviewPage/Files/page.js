// SPDX-License-Identifier: Apache-2.0
// The review page. Texts of documents come as JSON and go into the page as text alone. Offsets count Unicode
// scalars, as in the database; strings of JavaScript count UTF-16, so texts are held as arrays of scalars.
"use strict";

const isEnglish = document.documentElement.lang === "en";
const words = isEnglish ? {
  title: "Shoken review", help: "Keys (?)", queue: "Documents", document: "Document", keys: "Keys",
  close: "Close", note: "Note (goes with the next action)", mention: "Mention", stage: "Stage (TNM)",
  earlier: "Earlier version", accept: "Accept", reject: "Reject", add: "Add missed", undo: "Undo",
  acceptRest: "Accept the rest", done: "Done", previous: "Previous document", next: "Next document",
  type: "Type", certainty: "Certainty", subject: "Whose", level: "Adverse event level", none: "none",
  disease: "disease", drug: "drug", dose: "dose", positive: "present", suspicious: "suspected",
  negative: "denied", general: "general", patient: "patient", family: "family", other: "other",
  noMention: "No mention is chosen", empty: "No documents in this queue", score: "score",
  look: "please look", evidence: "Evidence", model: "model", saved: "saved",
  marking: "← → moves, Shift with ← → extends, 1 2 3 adds as disease, drug, dose, Esc ends",
  left: (n) => `${n} mentions are neither accepted nor rejected: judge them, or press A`,
  nothing: "There is nothing to undo", lost: "The server does not answer: was it ended?",
  reviewer: (name, blind) => `${name}${blind ? "" : " (sees others)"}`, isDone: "done", agreement: "Agreement and precision", blindNow: "Reviewers are blind to each other: start with --no-blind",
  judged: "judged", precision: "precision", days: "By day", cases: "Cases", added: "added", changed: "changed", group: "Stage",
} : {
  title: "所見の確認", help: "キー操作 (?)", queue: "文書", document: "文書", keys: "キー操作",
  close: "閉じる", note: "メモ（次の操作に付きます）", mention: "所見", stage: "病期（TNM）",
  earlier: "前の版", accept: "正しい", reject: "誤り", add: "見落としを追加", undo: "元に戻す",
  acceptRest: "残りをすべて正しいとする", done: "確認済み", previous: "前の文書", next: "次の文書",
  type: "種類", certainty: "確からしさ", subject: "誰の", level: "有害事象の程度", none: "なし",
  disease: "病変・症状", drug: "薬", dose: "用量", positive: "あり", suspicious: "疑い",
  negative: "否定", general: "一般", patient: "患者", family: "家族", other: "他の人",
  noMention: "所見が選ばれていません", empty: "この一覧に文書はありません", score: "確率",
  look: "要確認", evidence: "根拠", model: "モデル", saved: "保存しました",
  marking: "← → で移動、Shift と ← → で伸縮、1 2 3 で病変・薬・用量として追加、Esc で中止",
  left: (n) => `判定していない所見が ${n} 件あります。一つずつ判定するか、A を押してください`,
  nothing: "元に戻す操作がありません", lost: "サーバーの応答がありません。終了していませんか",
  reviewer: (name, blind) => `${name}${blind ? "" : "（他の人の判定を表示）"}`, isDone: "確認済み", agreement: "一致と適合率", blindNow: "確認者は互いの判定を見られません（--no-blind で起動してください）",
  judged: "判定", precision: "適合率", days: "日ごと", cases: "該当する文書", added: "追加した所見", changed: "変更済み", group: "病期",
};
const kinds = isEnglish ? {} : {
  nursing: "看護記録", radiology: "読影所見", "case-report": "症例報告", "discharge-summary": "退院時要約",
  referral: "紹介状", "progress-note": "経過記録", other: "その他",
};
const types = ["disease", "drug", "dose"];
const certainties = ["positive", "suspicious", "negative", "general"];
const subjects = ["patient", "family", "other"];
const marks = isEnglish ? { disease: "d", drug: "m", dose: "v" } : { disease: "病", drug: "薬", dose: "量" };
const stageValues = {
  t: "TX T0 Tis T1 T1mi T1a T1b T1c T2 T2a T2b T3 T4".split(" "),
  n: "NX N0 N1 N2 N2a N2b N3".split(" "), m: "MX M0 M1 M1a M1b M1c M1c1 M1c2".split(" "),
  stage: "0 IA IA1 IA2 IA3 IB IIA IIB IIIA IIIB IIIC IV IVA IVB".split(" "),
};

const byId = (name) => document.getElementById(name);
let queue = [];
let shown = null; // the document: what the server says, and `scalars`
let chosen = -1; // place of the chosen mention
let marking = null; // { start, end } while a missed mention is being marked
let levelNext = false; // whether the next digit is a level
let isBlind = true;
let working = Promise.resolve();

function make(name, text, attributes = {}) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function say(text, kind = "") {
  byId("status").textContent = text;
  byId("status").className = kind;
}

// Requests.

async function ask(path, action) {
  const options = action === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(action),
  };
  let answer;
  try { answer = await fetch(path, options); } catch { throw new Error(words.lost); }
  const value = await answer.json().catch(() => ({ error: words.lost }));
  if (answer.ok) return value;
  const left = shown ? shown.mentions.filter((m) => m.entity !== undefined && m.verdict === "none").length : 0;
  if (answer.status === 409 && action?.action === "done") throw new Error(words.left(left));
  if (answer.status === 409) throw new Error(words.nothing);
  throw new Error(value.error);
}

// One key or button after the other, each in sight of what the one before has led to, so that a quick hand never says
// something of another mention than the one that is chosen by then.
function queued(work) {
  working = working.then(work).catch((error) => say(error.message, "bad"));
  return working;
}

async function loadQueue() {
  const list = await ask("queue");
  queue = list.documents;
  isBlind = list.blind;
  byId("reviewer").textContent = words.reviewer(list.reviewer, list.blind);
  showQueue();
}

async function open(id) {
  take(await ask(`documents/${id}`));
  chosen = shown.mentions.findIndex((m) => m.verdict === "none");
  if (chosen < 0) chosen = shown.mentions.length ? 0 : -1;
  marking = null;
  history.replaceState(null, "", `#${id}`);
  show();
  byId("text").scrollTop = 0;
  byId("text").focus();
}

function take(answer) {
  shown = answer;
  shown.scalars = Array.from(shown.text);
}

async function act(action, { then = "stay" } = {}) {
  if (!shown) return;
  const note = byId("note").value.trim();
  if (note) action.note = note;
  const before = shown.mentions[chosen];
  const answer = await ask(`documents/${shown.id}`, action);
  byId("note").value = "";
  take(answer);
  const same = (m) => before && m.entity === before.entity && m.added === before.added;
  chosen = shown.mentions.findIndex(same);
  if (then === "added") chosen = shown.mentions.findIndex((m) => m.start === action.start && m.end === action.end && m.added !== undefined);
  if (then === "next") choose(nextUnjudged(chosen));
  if (chosen < 0 && shown.mentions.length) chosen = 0;
  say(words.saved, "good");
  await loadQueue();
  show();
}

// What the keys and buttons do.

function reference(mention) {
  return mention.entity !== undefined ? { entity: mention.entity } : { added: mention.added };
}

function verdict(name) {
  const mention = shown?.mentions[chosen];
  return mention && act({ action: name, ...reference(mention) }, { then: "next" });
}

function change(part) {
  const mention = shown?.mentions[chosen];
  if (!mention) return;
  const { type, start, end, certainty, subject } = { ...mention, ...part };
  if (start < 0 || end <= start || end > shown.scalars.length) return;
  return act({ action: "change", ...reference(mention), type, start, end, certainty, subject });
}

function setLevel(level) {
  const mention = shown?.mentions[chosen];
  return mention && act({ action: "level", ...reference(mention), level });
}

function following(list, value) { return list[(list.indexOf(value) + 1) % list.length]; }

function nextUnjudged(from) {
  const count = shown.mentions.length;
  for (let step = 1; step <= count; step++) {
    const place = (from + step + count) % count;
    if (shown.mentions[place].verdict === "none") return place;
  }
  return from;
}

function choose(place) {
  if (!shown || !shown.mentions.length) return;
  chosen = (place + shown.mentions.length) % shown.mentions.length;
}

async function acceptRest() {
  for (const mention of shown?.mentions ?? []) {
    if (mention.verdict === "none") await act({ action: "accept", ...reference(mention) });
  }
}

async function finish() {
  const id = shown?.id;
  await act({ action: "done" });
  if (shown?.id === id && shown?.done) await step(1, true);
}

function step(by, onlyOpen = false) {
  const place = queue.findIndex((d) => d.id === shown?.id);
  for (let next = place + by; next >= 0 && next < queue.length; next += by) {
    if (!onlyOpen || !queue[next].done) return open(queue[next].id);
  }
}

// Marking of a missed mention: what the mouse or the browser has selected, else one scalar that the keys move.

function scalarOffset(node, offset) {
  const element = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
  if (!element || !byId("text").contains(element)) return null;
  const inside = node.nodeType === Node.TEXT_NODE ? Array.from(node.data.slice(0, offset)).length : 0;
  return Number(element.dataset.start) + inside;
}

function selectedRange() {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const start = scalarOffset(range.startContainer, range.startOffset);
  const end = scalarOffset(range.endContainer, range.endOffset);
  return start !== null && end !== null && start < end ? { start, end } : null;
}

function beginMarking() {
  if (!shown || !shown.scalars.length) return;
  const begin = Math.min(shown.mentions[chosen]?.end ?? 0, shown.scalars.length - 1);
  marking = selectedRange() ?? { start: begin, end: begin + 1 };
  getSelection()?.removeAllRanges();
  say(words.marking);
  showText();
}

// Whether the key was one of marking.
async function markingKey(key, isShifted) {
  const length = shown.scalars.length;
  const by = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  if (by && isShifted) marking.end = Math.min(length, Math.max(marking.start + 1, marking.end + by));
  else if (by && marking.start + by >= 0 && marking.end + by <= length) {
    marking.start += by;
    marking.end += by;
  } else if (["1", "2", "3", "Enter"].includes(key)) {
    const { start, end } = marking;
    marking = null;
    const type = types[key === "Enter" ? 0 : Number(key) - 1];
    await act({ action: "add", type, start, end, certainty: "positive", subject: "patient" }, { then: "added" });
    return true;
  } else if (key === "Escape") {
    marking = null;
    say("");
  } else if (!by) return false;
  showText();
  return true;
}

const keys = [
  ["j", () => { choose(chosen + 1); show(); }, isEnglish ? "next mention" : "次の所見"],
  ["k", () => { choose(chosen - 1); show(); }, isEnglish ? "previous mention" : "前の所見"],
  ["a", () => verdict("accept"), words.accept],
  ["x", () => verdict("reject"), words.reject],
  ["1", () => change({ type: "disease" }), words.disease],
  ["2", () => change({ type: "drug" }), words.drug],
  ["3", () => change({ type: "dose" }), words.dose],
  ["c", () => change({ certainty: following(certainties, shown?.mentions[chosen]?.certainty) }), words.certainty],
  ["s", () => change({ subject: following(subjects, shown?.mentions[chosen]?.subject) }), words.subject],
  ["l", () => change({ end: shown?.mentions[chosen]?.end + 1 }), isEnglish ? "end one further" : "終わりを一字のばす"],
  ["h", () => change({ end: shown?.mentions[chosen]?.end - 1 }), isEnglish ? "end one back" : "終わりを一字ちぢめる"],
  ["H", () => change({ start: shown?.mentions[chosen]?.start - 1 }), isEnglish ? "beginning one back" : "始めを一字のばす"],
  ["L", () => change({ start: shown?.mentions[chosen]?.start + 1 }), isEnglish ? "beginning one further" : "始めを一字ちぢめる"],
  ["m", beginMarking, words.add],
  ["g", () => { levelNext = true; say(`${words.level}: 0 1 2 3`); }, `${words.level} (g 0 … g 3)`],
  ["t", () => byId("stage").querySelector("select")?.focus(), words.stage],
  ["u", () => act({ action: "undo" }), words.undo],
  ["A", acceptRest, words.acceptRest],
  ["d", finish, words.done],
  ["n", () => step(1), words.next],
  ["p", () => step(-1), words.previous],
  ["y", showAgreement, words.agreement],
  ["?", () => byId("help").showModal(), words.keys],
];

async function pressed(key, isShifted) {
  if (marking && await markingKey(key, isShifted)) return;
  if (levelNext) {
    levelNext = false;
    if (["0", "1", "2", "3"].includes(key)) return setLevel(Number(key));
  }
  const name = { ArrowDown: "j", ArrowUp: "k" }[key] ?? key;
  await keys.find((entry) => entry[0] === name)?.[1]();
}

document.addEventListener("keydown", (event) => {
  // An input method that is composing has the key.
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target;
  if (target.matches?.("input, select, textarea")) {
    if (event.key === "Escape") byId("text").focus();
    return;
  }
  // Keys of a keyboard in full width are the same keys.
  const key = event.key.length === 1 ? event.key.normalize("NFKC") : event.key;
  if (document.querySelector("dialog[open]")) return;
  const isOwn = key.startsWith("Arrow") ? marking || target.id === "text"
    : ["Enter", "Escape"].includes(key) ? marking : key === "0" || keys.some(([name]) => name === key);
  if (!isOwn) return;
  event.preventDefault();
  queued(() => pressed(key, event.shiftKey));
});

// Showing.

function show() {
  if (!shown) return;
  const facts = [`#${shown.id}`, kinds[shown.kind] ?? shown.kind, shown.title, shown.patient, shown.authored_at, shown.model];
  byId("about").textContent = facts.concat(shown.done ? [words.isDone] : []).filter(Boolean).join(" · ");
  showQueue();
  showText();
  showEarlier();
  showMention();
  showStage();
}

function showQueue() {
  const rows = queue.map((item) => {
    const row = make("li");
    const label = `${item.done ? "✓ " : ""}#${item.id} ${kinds[item.kind] ?? item.kind} ${item.judged}/${item.mentions}`;
    const button = make("button", label, { type: "button", "aria-current": String(item.id === shown?.id) });
    button.addEventListener("click", () => queued(() => open(item.id)));
    row.append(button);
    return row;
  });
  byId("documents").replaceChildren(...rows);
  if (!queue.length) say(words.empty);
}

function showText() {
  const { scalars, mentions, sections, evidence } = shown;
  const mention = mentions[chosen];
  const cue = mention && mention.cue_start !== undefined ? [mention.cue_start, mention.cue_end] : null;
  const places = evidence.filter((e) => e.start !== undefined);
  const cuts = new Set([0, scalars.length]);
  for (const m of mentions) { cuts.add(m.start); cuts.add(m.end); }
  for (const e of places) { cuts.add(e.start); cuts.add(e.end); }
  for (const s of sections) cuts.add(s.start);
  if (cue) cue.forEach((c) => cuts.add(c));
  if (marking) { cuts.add(marking.start); cuts.add(marking.end); }
  const sorted = [...cuts].filter((c) => c >= 0 && c <= scalars.length).sort((a, b) => a - b);
  const pieces = [];
  for (let index = 0; index + 1 < sorted.length; index++) {
    const [start, end] = [sorted[index], sorted[index + 1]];
    for (const section of sections) {
      if (section.start === start) pieces.push(make("span", undefined, { class: "section-start", "data-title": section.title }));
    }
    pieces.push(piece(start, end, { cue, places, mentions, text: scalars.slice(start, end).join("") }));
  }
  byId("text").replaceChildren(...pieces);
  byId("text").querySelector(marking ? ".marking" : ".selected")?.scrollIntoView({ block: "nearest" });
}

// The text between two cuts, dressed as the shortest mention over it; the chosen one goes first.
function piece(start, end, { cue, places, mentions, text }) {
  const covers = (m) => m.start <= start && end <= m.end;
  const over = mentions.map((m, place) => ({ m, place })).filter(({ m }) => covers(m))
    .sort((a, b) => (b.place === chosen) - (a.place === chosen)
      || (a.m.verdict === "reject") - (b.m.verdict === "reject") || (a.m.end - a.m.start) - (b.m.end - b.m.start));
  const isMarked = marking && marking.start <= start && end <= marking.end;
  const element = make(over.length || isMarked ? "mark" : "span", text, { "data-start": start });
  if (over.length) {
    const { m, place } = over[0];
    element.dataset.type = m.type;
    element.dataset.certainty = m.certainty;
    element.dataset.verdict = m.verdict;
    element.dataset.judged = m.verdict === "none" ? "no" : "yes";
    if (m.start === start) element.dataset.mark = marks[m.type] ?? "";
    if (place === chosen) element.classList.add("selected");
    element.addEventListener("click", () => {
      if (getSelection()?.isCollapsed === false) return;
      chosen = place;
      show();
    });
  }
  if (isMarked) element.classList.add("marking");
  if (cue && cue[0] <= start && end <= cue[1]) element.classList.add("cue");
  if (places.some((e) => e.start <= start && end <= e.end)) element.classList.add("evidence");
  return element;
}

function showEarlier() {
  const place = byId("earlier");
  place.hidden = !shown.earlier;
  if (!shown.earlier) return place.replaceChildren();
  const lines = new Set(shown.text.split("\n"));
  const head = make("h2", `${words.earlier} #${shown.earlier.id} ${shown.earlier.authored_at ?? ""}`);
  const rows = shown.earlier.text.split("\n").map((line) => make("span", line + "\n", lines.has(line) ? {} : { class: "gone" }));
  place.replaceChildren(head, ...rows);
}

function choices(title, values, current, label, pick, key) {
  const box = make("div");
  box.append(make("h2", title + (key ? ` (${key})` : "")));
  const row = make("p", undefined, { class: "choices" });
  for (const value of values) {
    const button = make("button", label(value), { type: "button", "aria-pressed": String(value === current) });
    button.addEventListener("click", () => queued(() => pick(value)));
    row.append(button);
  }
  box.append(row);
  return box;
}

function showMention() {
  const mention = shown.mentions[chosen];
  const place = byId("mention");
  if (!mention) return place.replaceChildren(make("h2", words.mention), make("p", words.noMention, { class: "faint" }));
  const facts = [
    { accept: words.accept, reject: words.reject, change: words.changed, add: words.added }[mention.verdict],
    mention.score !== undefined && `${words.score} ${mention.score.toFixed(2)}`, mention.normalized, mention.icd10,
    mention.method, mention.review && words.look, `${mention.start}–${mention.end}`,
  ];
  place.replaceChildren(
    make("h2", `${words.mention} ${chosen + 1}/${shown.mentions.length}`),
    make("p", shown.scalars.slice(mention.start, mention.end).join(""), { class: "surface" }),
    make("p", facts.filter(Boolean).join(" · "), { class: "faint" }),
    choices(words.type, types, mention.type, (v) => words[v], (type) => change({ type }), "1 2 3"),
    choices(words.certainty, certainties, mention.certainty, (v) => words[v], (certainty) => change({ certainty }), "c"),
    choices(words.subject, subjects, mention.subject, (v) => words[v], (subject) => change({ subject }), "s"),
    choices(words.level, [0, 1, 2, 3], mention.level, String, setLevel, "g"));
}

function showStage() {
  const place = byId("stage");
  const grid = make("div", undefined, { class: "stages" });
  for (const axis of ["t", "n", "m", "stage"]) {
    const now = shown.stage?.[axis] ?? "";
    const select = make("select", undefined, { "aria-label": axis, id: `axis-${axis}` });
    const values = stageValues[axis].includes(now) || !now ? stageValues[axis] : [now, ...stageValues[axis]];
    for (const value of ["", ...values]) select.append(make("option", value || words.none, { value }));
    select.value = now;
    select.addEventListener("change", () => {
      queued(() => act({ action: "stage", axis, ...(select.value ? { value: select.value } : {}) }));
    });
    const model = shown.model_stage?.[axis];
    const note = model && model !== now ? ` (${words.model} ${model})` : "";
    grid.append(make("label", axis.length === 1 ? axis.toUpperCase() : words.group, { for: `axis-${axis}` }), select);
    if (note) grid.append(make("span"), make("span", note, { class: "faint" }));
  }
  const list = make("ul", undefined, { class: "faint" });
  for (const e of shown.evidence) {
    const where = e.start !== undefined ? shown.scalars.slice(e.start, e.end).join("") : "";
    list.append(make("li", `${e.axis} ${e.rule} ${where}`));
  }
  place.replaceChildren(make("h2", words.stage + (shown.stage_review ? ` — ${words.look}: ${shown.stage_review}` : "")), grid);
  if (shown.evidence.length) place.append(make("h2", words.evidence), list);
}

// How far reviewers agree with each other and the model, with the documents where they do not.

async function showAgreement() {
  if (isBlind) return say(words.blindNow, "bad");
  const found = await ask("agreement");
  const part = (n) => Number(n).toFixed(3);
  const parts = [
    table(["", "", words.judged, "κ"], found.agreement.pairs.map((p) =>
      [p.first, p.second, `${p.same_verdict}/${p.mentions}`, p.kappa === undefined ? "–" : part(p.kappa)])),
    table([words.model, words.type, words.judged, words.precision, words.added], found.agreement.precision.map((p) =>
      [p.model, words[p.type], `${p.accepted}/${p.accepted + p.changed + p.rejected}`, part(p.precision), p.added])),
    make("h2", words.days),
    table(["", words.judged, words.precision], found.days.map(([day, judged, share]) => {
      const meter = make("meter", undefined, { min: 0, max: 1, value: share, "aria-label": words.precision });
      return [day, judged, meter, part(share)];
    })),
    make("h2", words.cases),
    table([], found.cases.map(([id, type, model, reviewer, verdict]) => {
      const button = make("button", `#${id}`, { type: "button" });
      button.addEventListener("click", () => { byId("agreement").close(); queued(() => open(id)); });
      return [button, words[type], model, reviewer, { accept: words.accept, reject: words.reject, change: words.changed }[verdict]];
    })),
  ];
  byId("shares").replaceChildren(...parts);
  byId("agreement").showModal();
}

function table(heads, rows) {
  const cells = (values, name) => {
    const row = make("tr");
    for (const value of values) {
      const cell = make(name);
      cell.append(value);
      row.append(cell);
    }
    return row;
  };
  const whole = make("table");
  if (heads.length) whole.append(cells(heads, "th"));
  whole.append(...rows.map((row) => cells(row, "td")));
  return whole;
}

function begin() {
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words[element.dataset.word];
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", words[element.dataset.label]);
  for (const button of document.querySelectorAll("[data-key]")) {
    const [name, work, label] = keys.find(([key]) => key === button.dataset.key);
    button.replaceChildren(label, make("kbd", name));
    button.addEventListener("click", () => { queued(work); byId("text").focus(); });
  }
  byId("keys").replaceChildren(...keys.map(([name, , label]) => {
    const row = make("tr");
    const cell = make("td");
    cell.append(make("kbd", name));
    row.append(cell, make("td", label));
    return row;
  }));
  byId("show-help").addEventListener("click", () => byId("help").showModal());
  queued(async () => {
    await loadQueue();
    const wanted = Number(location.hash.slice(1));
    const first = queue.find((d) => d.id === wanted) ?? queue.find((d) => !d.done) ?? queue[0];
    if (first) await open(first.id);
  });
}

begin();
