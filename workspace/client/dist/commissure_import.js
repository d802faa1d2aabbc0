// src/importing/content.ts
var e = class {
	files;
	ends;
	constructor(e) {
		this.files = e, this.ends = new Float64Array(e.length);
		let t = 0;
		e.forEach(({ file: e }, n) => this.ends[n] = t += e.size);
	}
	get totalBytes() {
		return this.ends.length === 0 ? 0 : this.ends[this.ends.length - 1];
	}
	slice(e, t) {
		let n = [], r = Math.min(e + t, this.totalBytes);
		for (let t = this.fileAt(e); e < r; t += 1) {
			let { file: i } = this.files[t], a = this.ends[t] - i.size, o = Math.min(this.ends[t], r);
			n.push(i.slice(e - a, o - a)), e = o;
		}
		return new Blob(n);
	}
	listFrom(e, t) {
		let n = new TextEncoder(), r = [], i = 2;
		for (let a = e; a < this.files.length; a += 1) {
			let { path: e, file: o } = this.files[a], s = JSON.stringify([e, o.size]);
			if (i += n.encode(s).length + 1, i > t && r.length > 0) break;
			r.push(s);
		}
		return `[${r.join(",")}]`;
	}
	fileAt(e) {
		let t = 0, n = this.ends.length;
		for (; t < n;) {
			let r = t + n >> 1;
			this.ends[r] <= e ? t = r + 1 : n = r;
		}
		return t;
	}
}, t = class extends Error {};
function n(e) {
	return c([...e].map((e) => ({
		path: e.webkitRelativePath || e.name,
		file: e
	})));
}
async function r(e, t) {
	let n = [], r = [];
	for (let t of e) {
		if (t.kind !== "file") continue;
		let e = t.webkitGetAsEntry(), i = e === null ? t.getAsFile() : null;
		e === null ? i !== null && r.push({
			path: i.name,
			file: i
		}) : n.push(e);
	}
	for (let e of n) await i(e, "", r, t);
	return c(r);
}
async function i(e, t, n, r) {
	let s = t + e.name;
	if (e.isFile) {
		n.push({
			path: s,
			file: await a(e)
		}), r(n.length);
		return;
	}
	let c = e.createReader();
	for (;;) {
		let e = await o(c);
		if (e.length === 0) return;
		for (let t of e) await i(t, `${s}/`, n, r);
	}
}
function a(e) {
	return new Promise((t, n) => e.file(t, () => n(s())));
}
function o(e) {
	return new Promise((t, n) => e.readEntries(t, () => n(s())));
}
function s() {
	return new t("A file or folder could not be read. Check that it is still there and choose again.");
}
function c(e) {
	return e.sort((e, t) => e.path < t.path ? -1 : +(e.path > t.path));
}
function l(e) {
	return {
		fingerprint: f(e),
		files: e.length,
		totalBytes: e.reduce((e, { file: t }) => e + t.size, 0)
	};
}
var u = 1099511628211n, d = (1n << 64n) - 1n;
function f(e) {
	let t = 14695981039346656037n;
	for (let { path: n, file: r } of e) {
		let e = 2166136261, i = `${n}\0${r.size}\0${r.lastModified}`;
		for (let t = 0; t < i.length; t += 1) e = Math.imul(e ^ i.charCodeAt(t), 16777619);
		t = (t ^ BigInt(e >>> 0)) * u & d, t = (t ^ BigInt(r.size)) * u & d;
	}
	return t.toString(16).padStart(16, "0");
}
// src/importing/machine.ts
var p = {
	phase: "greeting",
	limits: null,
	choice: null,
	upload: null,
	offset: 0,
	collected: 0,
	attempt: 0,
	waitMs: 0,
	problem: null
}, ee = 1e3, te = 3e4;
function ne(e, t) {
	let n = Math.min(te, ee * 2 ** e);
	return Math.round(n * (.75 + .25 * t));
}
function re(e, t) {
	switch (t.type) {
		case "greeted": return ie({
			...e,
			limits: t.limits,
			attempt: 0
		}, t.uploads);
		case "collecting": return g({
			...e,
			phase: "collecting",
			collected: t.files
		});
		case "chose": return ae(e, t.choice);
		case "unreadable": return _(e, y("unreadable", t.message));
		case "told": return b({
			...e,
			upload: t.upload,
			attempt: 0
		}, t.upload);
		case "listed": return S(e, { listed: t.listed });
		case "sending": return e.phase === "sending" ? g({
			...e,
			offset: t.offset
		}) : g(e);
		case "sent": return e.phase === "sending" ? S(e, { offset: t.offset }) : g(e);
		case "lost": return oe(e, t.chance);
		case "refused": return E(e, t.problem, t.offset);
		case "try_now": return e.phase === "waiting" ? C(e) : g(e);
		case "pause": return m(e) ? w(e) : g(e);
		case "resume": return T(e);
		case "open": return {
			state: {
				...e,
				phase: "opening",
				problem: null
			},
			effects: [{
				do: "open",
				volumeId: t.volumeId,
				title: t.title
			}]
		};
		case "discard": return D(e);
		case "discarded": return {
			state: {
				...p,
				limits: e.limits
			},
			effects: [{ do: "greet" }]
		};
	}
}
function m(e) {
	return [
		"announcing",
		"listing",
		"sending",
		"waiting"
	].includes(e.phase);
}
function h(e) {
	return e.upload?.found ?? null;
}
function g(e) {
	return {
		state: e,
		effects: []
	};
}
function ie(e, t) {
	let n = t[0];
	if (e.choice !== null && !t.some(({ fingerprint: t }) => t === e.choice?.fingerprint)) return {
		state: {
			...e,
			phase: "announcing"
		},
		effects: [{ do: "announce" }]
	};
	let r = t.find(({ fingerprint: t }) => t === e.choice?.fingerprint) ?? n;
	return r === void 0 ? g({
		...e,
		phase: "choosing",
		upload: null
	}) : b({
		...e,
		upload: r
	}, r);
}
function ae(e, t) {
	let n = v(e, t);
	if (n !== null) return _(e, n);
	let r = {
		...e,
		choice: t,
		problem: null
	};
	return e.upload === null ? {
		state: {
			...r,
			phase: "announcing",
			offset: 0
		},
		effects: [{ do: "announce" }]
	} : C(r);
}
function _(e, t) {
	let n = e.upload === null ? "choosing" : "needs_files";
	return g({
		...e,
		phase: n,
		choice: null,
		problem: t
	});
}
function v(e, t) {
	let { limits: n, upload: r } = e;
	return t.totalBytes === 0 ? y("empty", "There is nothing in there. Choose a folder, files or a zip with images.") : n !== null && t.files > n.files ? y("too_many_files", "These are too many files. Choose fewer folders, or pack them as a zip.") : n !== null && t.totalBytes > n.total_bytes ? y("too_large", "This is too large. Choose fewer series.") : r !== null && r.fingerprint !== t.fingerprint ? y("other_files", "These are not the files of the unfinished upload. Choose the same ones to go on, or discard it first.") : null;
}
function y(e, t) {
	return {
		code: e,
		message: t,
		file: null
	};
}
function b(e, t) {
	let n = {
		...e,
		offset: t.offset ?? 0,
		problem: t.error ?? null
	};
	switch (t.stage) {
		case "receiving": return x(n, t);
		case "received": return {
			state: {
				...n,
				phase: "looking"
			},
			effects: [{ do: "inspect" }]
		};
		case "inspecting": return {
			state: {
				...n,
				phase: "looking"
			},
			effects: [{ do: "ask_later" }]
		};
		case "inspected": return g({
			...n,
			phase: "found"
		});
		case "opening": return {
			state: {
				...n,
				phase: "opening"
			},
			effects: [{ do: "ask_later" }]
		};
		case "ready": return g({
			...n,
			phase: "ready"
		});
		case "failed": return g({
			...n,
			phase: "failed"
		});
	}
}
function x(e, t) {
	return e.phase === "paused" ? g(e) : e.choice?.fingerprint === t.fingerprint ? t.listed < t.files ? {
		state: {
			...e,
			phase: "listing"
		},
		effects: [{
			do: "list",
			start: t.listed
		}]
	} : {
		state: {
			...e,
			phase: "sending"
		},
		effects: [{
			do: "send",
			offset: t.offset
		}]
	} : g({
		...e,
		phase: "needs_files"
	});
}
function S(e, t) {
	if (e.upload === null) return g(e);
	let n = {
		...e.upload,
		...t
	}, r = {
		...e,
		upload: n,
		offset: n.offset,
		attempt: 0,
		problem: null
	};
	return n.listed === n.files && n.offset === n.total_bytes ? {
		state: {
			...r,
			phase: "looking"
		},
		effects: [{ do: "inspect" }]
	} : x(r, n);
}
function oe(e, t) {
	if (e.phase === "paused") return g(e);
	let n = ne(e.attempt, t);
	return {
		state: {
			...e,
			phase: "waiting",
			attempt: e.attempt + 1,
			waitMs: n
		},
		effects: [{
			do: "wait",
			ms: n
		}]
	};
}
function C(e) {
	let t = e.upload === null ? "greeting" : e.phase === "paused" ? "sending" : e.phase;
	return {
		state: {
			...e,
			phase: t,
			problem: null
		},
		effects: [{ do: e.upload === null ? "greet" : "ask" }]
	};
}
function w(e) {
	let t = e.upload === null ? [] : [{ do: "ask" }];
	return {
		state: {
			...e,
			phase: "paused"
		},
		effects: [{ do: "stop" }, ...t]
	};
}
function T(e) {
	return e.phase === "failed" && e.upload?.stage === "failed" ? {
		state: {
			...e,
			phase: "looking",
			problem: null
		},
		effects: [{ do: "inspect" }]
	} : e.phase === "paused" || e.phase === "failed" ? C(e) : g(e);
}
function E(e, t, n) {
	switch (t.code) {
		case "wrong_offset": return n === null ? C(e) : S(e, { offset: n });
		case "wrong_start":
		case "not_complete":
		case "not_listed":
		case "stalled": return C(e);
		case "not_signed_in": return g({
			...e,
			phase: "signed_out",
			problem: t
		});
		case "unknown_upload": return g({
			...e,
			phase: "choosing",
			upload: null,
			choice: null,
			offset: 0,
			problem: t
		});
		case "files_changed": return g({
			...e,
			phase: "needs_files",
			choice: null,
			problem: t
		});
	}
	return e.upload === null ? g({
		...e,
		phase: "choosing",
		choice: null,
		problem: t
	}) : e.phase === "opening" || e.phase === "found" ? g({
		...e,
		phase: "found",
		problem: t
	}) : t.code === "superseded" || t.code === "no_space" || t.code === "disk" ? g({
		...e,
		phase: "paused",
		problem: t,
		offset: e.upload.offset
	}) : g({
		...e,
		phase: "failed",
		problem: t
	});
}
function D(e) {
	if (e.upload === null) return {
		state: {
			...p,
			limits: e.limits
		},
		effects: [{ do: "stop" }, { do: "greet" }]
	};
	let t = e.upload.id;
	return {
		state: {
			...e,
			phase: "greeting",
			problem: null
		},
		effects: [{ do: "stop" }, {
			do: "discard",
			id: t
		}]
	};
}
// src/importing/requests.ts
var O = "api", k = 3e4, A = class extends Error {}, j = class extends Error {
	problem;
	offset;
	constructor(e, t) {
		super(e.message), this.problem = e, this.offset = t;
	}
}, M = class extends Error {};
async function N(e, t, n, r) {
	let i = new AbortController(), a = setTimeout(() => i.abort(), k), o = () => i.abort();
	r.addEventListener("abort", o);
	try {
		let r = await fetch(`${O}/${t}`, {
			method: e,
			body: n,
			signal: i.signal,
			cache: "no-store"
		}), a = await r.text();
		if (!r.ok) throw P(r.status, a, r.headers.get("Upload-Offset"));
		return a === "" ? null : JSON.parse(a);
	} catch (e) {
		throw r.aborted ? new M() : e instanceof j ? e : new A();
	} finally {
		clearTimeout(a), r.removeEventListener("abort", o);
	}
}
function se(e, t, n, r, i) {
	return new Promise((a, o) => {
		let s = new XMLHttpRequest(), c, l = () => s.abort(), u = (e) => {
			clearTimeout(c), i.removeEventListener("abort", l), e();
		}, d = () => {
			clearTimeout(c), c = setTimeout(l, k);
		};
		s.open("PATCH", `${O}/uploads/${e}`), s.setRequestHeader("Upload-Offset", String(t)), s.setRequestHeader("Content-Type", "application/offset+octet-stream"), s.upload.onprogress = (e) => {
			d(), r(e.loaded);
		}, s.onload = () => u(() => {
			let e = s.getResponseHeader("Upload-Offset");
			s.status === 204 && e !== null ? a(Number(e)) : o(P(s.status, s.responseText, e));
		}), s.onerror = () => u(() => o(new A())), s.onabort = () => u(() => o(i.aborted ? new M() : new A())), i.addEventListener("abort", l), d(), s.send(n);
	});
}
function P(e, t, n) {
	try {
		let { code: e, message: r, file: i } = JSON.parse(t);
		if (typeof e == "string") return new j({
			code: e,
			message: r ?? "",
			file: i ?? null
		}, n === null ? null : Number(n));
	} catch {}
	return e >= 500 ? new A() : new j({
		code: "unexpected",
		message: `The server answered with ${e}. Reload the page and try again.`,
		file: null
	}, null);
}
// src/importing/driver.ts
var F = 400, I = class {
	shown;
	state = p;
	content = null;
	stopping = new AbortController();
	timer;
	constructor(e) {
		this.shown = e, addEventListener("online", () => this.tell({ type: "try_now" })), addEventListener("beforeunload", (e) => {
			m(this.state) && e.preventDefault();
		}), this.run({ do: "greet" }), e(this.state);
	}
	tell(e) {
		let { state: t, effects: n } = re(this.state, e);
		this.state = t, this.shown(t);
		for (let e of n) this.run(e);
	}
	choose(t) {
		this.content = new e(t), this.tell({
			type: "chose",
			choice: l(t)
		});
	}
	pathOf(e) {
		return this.content?.files[e]?.path ?? null;
	}
	run(e) {
		switch (clearTimeout(this.timer), e.do) {
			case "stop":
				this.stopping.abort(), this.stopping = new AbortController();
				return;
			case "wait":
				this.timer = setTimeout(() => this.tell({ type: "try_now" }), e.ms);
				return;
			case "ask_later":
				this.timer = setTimeout(() => this.run({ do: "ask" }), F);
				return;
			default: this.attempt(e);
		}
	}
	async attempt(e) {
		let t = this.stopping.signal;
		try {
			let n = await this.answerTo(e, t);
			t.aborted || this.tell(n);
		} catch (e) {
			if (t.aborted || e instanceof M) return;
			if (e instanceof j) this.tell({
				type: "refused",
				problem: e.problem,
				offset: e.offset
			});
			else if (e instanceof A) this.tell({
				type: "lost",
				chance: Math.random()
			});
			else throw e;
		}
	}
	async answerTo(e, t) {
		switch (e.do) {
			case "greet": return {
				type: "greeted",
				...await N("POST", "session", null, t)
			};
			case "announce": {
				let { fingerprint: e, files: n, totalBytes: r } = this.state.choice, i = JSON.stringify({
					fingerprint: e,
					files: n,
					total_bytes: r
				});
				return this.toldBy(N("POST", "uploads", i, t));
			}
			case "list": return this.list(e.start, t);
			case "send": return this.send(e.offset, t);
			case "ask": return this.toldBy(N("GET", `uploads/${this.id}`, null, t));
			case "inspect": return this.toldBy(N("POST", `uploads/${this.id}/inspection`, null, t));
			case "open": {
				let n = JSON.stringify({
					volume_id: e.volumeId,
					title: e.title
				});
				return this.toldBy(N("POST", `uploads/${this.id}/room`, n, t));
			}
			case "discard": return this.discard(e.id, t);
		}
	}
	get id() {
		return this.state.upload.id;
	}
	async toldBy(e) {
		return {
			type: "told",
			upload: await e
		};
	}
	async list(e, t) {
		let n = this.content.listFrom(e, this.state.limits.list_bytes);
		return {
			type: "listed",
			listed: (await N("PUT", `uploads/${this.id}/list/${e}`, n, t)).listed
		};
	}
	async send(e, t) {
		let n = this.content.slice(e, this.state.limits.chunk_bytes), r = (r) => {
			t.aborted || this.tell({
				type: "sending",
				offset: e + Math.min(r, n.size)
			});
		};
		try {
			return {
				type: "sent",
				offset: await se(this.id, e, n, r, t)
			};
		} catch (e) {
			throw e instanceof A && !await R(n) ? new j(L, null) : e;
		}
	}
	async discard(e, t) {
		try {
			await N("DELETE", `uploads/${e}`, null, t);
		} catch (e) {
			if (!(e instanceof j && e.problem.code === "unknown_upload")) throw e;
		}
		return this.content = null, { type: "discarded" };
	}
}, L = {
	code: "files_changed",
	message: "A file was changed, moved or removed while it was sent. Choose the files again.",
	file: null
};
async function R(e) {
	try {
		return await e.arrayBuffer(), !0;
	} catch {
		return !1;
	}
}
// src/importing/elements.ts
function z(e, t = {}, ...n) {
	let r = document.createElement(e);
	for (let [e, n] of Object.entries(t)) typeof n == "function" ? r.addEventListener(e, n) : n === !0 ? r.setAttribute(e, "") : n !== !1 && r.setAttribute(e, n);
	return r.append(...n.filter((e) => e !== null)), r;
}
function B(e, t, n) {
	return z("button", {
		type: "button",
		class: `ci-btn ${t}`,
		click: n
	}, e);
}
var V = "http://www.w3.org/2000/svg";
function H(e) {
	let t = document.createElementNS(V, "svg");
	t.setAttribute("viewBox", "0 0 24 24"), t.setAttribute("aria-hidden", "true");
	let n = document.createElementNS(V, "path");
	return n.setAttribute("d", e), t.append(n), t;
}
// src/importing/words.ts
var U = [
	"bytes",
	"kB",
	"MB",
	"GB",
	"TB"
];
function W(e) {
	let t = 0;
	for (; e >= 1e3 && t < U.length - 1;) e /= 1e3, t += 1;
	let n = t === 0 || e >= 100 ? 0 : 1;
	return `${e.toFixed(n)} ${t === 0 && e === 1 ? "byte" : U[t]}`;
}
function G(e) {
	if (e < 60) return `${Math.max(1, Math.round(e))} s`;
	if (e < 3600) return `${Math.round(e / 60)} min`;
	let t = Math.round(e / 60);
	return `${Math.floor(t / 60)} h ${t % 60} min`;
}
function K(e, t, n = `${t}s`) {
	return `${e.toLocaleString("en")} ${e === 1 ? t : n}`;
}
function ce(e) {
	return String(Number(e.toPrecision(3)));
}
// src/importing/choosing.ts
var le = "M12 15V4M8 8l4-4 4 4M4 14v5h16v-5";
function q(e, t) {
	let n = J("Choose files", !1, t), r = J("Choose folder", !0, t), i = e.limits, a = i === null ? "" : `Up to ${W(i.total_bytes)} and ${K(i.files, "file")}. `;
	return z("div", {
		class: "ci-drop",
		id: "drop"
	}, H(le), z("p", { class: "ci-big" }, "Drop files, a folder or a zip here"), z("div", { class: "ci-row" }, r.button, n.button, r.input, n.input), z("p", { class: "ci-mu" }, `${a}A lost connection costs nothing: the upload goes on where it stood.`));
}
function ue(e, t) {
	let { upload: n } = e, r = n === null ? 0 : Math.floor(100 * n.offset / n.total_bytes);
	return z("div", { class: "ci-card ci-row" }, z("p", { class: "ci-grow" }, n === null ? "" : `${K(n.files, "file")}, ${W(n.total_bytes)}: ${r} % is on the server already. Choose the same files again, and the rest is sent.`), B("Discard it", "", () => t.discard()));
}
function J(e, t, r) {
	let i = z("input", {
		type: "file",
		class: "ci-hidden",
		tabindex: "-1",
		"aria-hidden": "true",
		"data-choose": t ? "folder" : "files",
		multiple: !0,
		webkitdirectory: t,
		change: () => {
			let e = n(i.files ?? []);
			e.length > 0 && r.chosen(e);
		}
	});
	return {
		button: B(e, t ? "ci-primary" : "", () => i.click()),
		input: i
	};
}
function de(e, t) {
	let n = (e) => void document.getElementById("drop")?.classList.toggle("ci-over", e);
	addEventListener("dragover", (t) => {
		t.preventDefault(), t.dataTransfer && (t.dataTransfer.dropEffect = e() ? "copy" : "none"), n(e());
	}), addEventListener("dragleave", (e) => n(e.relatedTarget !== null)), addEventListener("drop", (r) => {
		r.preventDefault(), n(!1), e() && r.dataTransfer && fe(r.dataTransfer, t);
	});
}
async function fe(e, n) {
	try {
		let t = await r(e.items, (e) => {
			e % 200 == 0 && n.collecting(e);
		});
		t.length > 0 ? n.chosen(t) : n.unreadable("There was no file in what you dropped. Choose a folder, files or a zip.");
	} catch (e) {
		if (!(e instanceof t)) throw e;
		n.unreadable(e.message);
	}
}
var pe = 200;
function me(e, t, n) {
	let r = e.volumes.length > 0;
	return z("form", {
		class: "ci-found",
		submit: (e) => ge(e, n)
	}, r ? _e(e.volumes, t?.volumeId) : null, ye(e), be(e), r ? xe(t?.title ?? "Unnamed case", n) : z("div", { class: "ci-row" }, B("Discard and choose others", "ci-primary", () => n.discard())));
}
function he(e) {
	return e.volumes.length === 0 ? "No volume here can be opened" : e.volumes.length === 1 ? "One volume found" : `${e.volumes.length} volumes found: choose one`;
}
function ge(e, t) {
	e.preventDefault();
	let n = new FormData(e.target), r = n.get("volume"), i = String(n.get("title") ?? "").trim() || "Unnamed case";
	typeof r == "string" && t.open({
		volumeId: r,
		title: i
	});
}
function _e(e, t) {
	return z("fieldset", { class: "ci-volumes" }, z("legend", { class: "ci-h" }, "Volumes"), ...e.map((n) => ve(n, e.length === 1 || n.id === t)));
}
function ve(e, t) {
	let [n, r, i] = e.shape_kji, a = e.spacing_mm.map(ce).join(" × ");
	return z("label", { class: "ci-card ci-volume" }, z("input", {
		type: "radio",
		name: "volume",
		value: e.id,
		required: !0,
		checked: t
	}), z("span", { class: "ci-modality" }, e.modality || "?"), z("span", { class: "ci-grow" }, z("b", {}, e.description || "Without description"), z("span", { class: "ci-mu" }, `${K(n, "slice")} of ${i} × ${r} · ${a} mm${e.hu ? " · HU" : ""}`), ...e.warnings.map(({ message: e }) => z("span", { class: "ci-warn" }, Y(e)))));
}
function ye(e) {
	return e.refused.length === 0 ? null : z("section", {}, z("h2", { class: "ci-h" }, "Refused"), ...e.refused.map(({ code: e, message: t, files: n }) => z("div", { class: "ci-card ci-refused" }, z("p", {}, Y(t)), z("p", { class: "ci-mu" }, `${K(n, "file")} · ${e}`))));
}
function be(e) {
	let t = Object.entries(e.skipped), n = e.not_shown > 0 ? ` ${K(e.not_shown, "more row")} not shown.` : "";
	if (t.length === 0 && n === "") return null;
	let r = t.reduce((e, [, t]) => e + t, 0), i = t.map(([e, t]) => `${t.toLocaleString("en")} ${e.replaceAll("_", " ")}`).join(", ");
	return z("p", { class: "ci-mu ci-aside" }, (r > 0 ? `${K(r, "file")} set aside: ${i}.` : "") + n);
}
function xe(e, t) {
	return z("div", { class: "ci-naming" }, z("label", { for: "title" }, "Title of the case"), z("input", {
		id: "title",
		name: "title",
		value: e,
		maxlength: String(pe),
		autocomplete: "off",
		"aria-describedby": "title-hint"
	}), z("p", {
		class: "ci-mu",
		id: "title-hint"
	}, "Everybody in the room reads it. Never a patient’s name."), z("div", { class: "ci-row" }, z("button", {
		type: "submit",
		class: "ci-btn ci-primary"
	}, "Open a room"), B("Discard", "", () => t.discard())));
}
function Y(e) {
	let t = e.charAt(0).toUpperCase() + e.slice(1);
	return /[.!?]$/.test(t) ? t : `${t}.`;
}
// src/importing/pace.ts
var Se = 6e3, Ce = 800, we = class {
	marks = [];
	note(e, t) {
		let n = this.marks[this.marks.length - 1];
		for (n !== void 0 && t < n.offset && (this.marks = []), this.marks.push({
			atMs: e,
			offset: t
		}); this.marks.length > 2 && e - this.marks[0].atMs > Se;) this.marks.shift();
	}
	clear() {
		this.marks = [];
	}
	get rate() {
		let e = this.marks[0], t = this.marks[this.marks.length - 1];
		if (e === void 0 || t.atMs - e.atMs < Ce) return null;
		let n = (t.offset - e.offset) / (t.atMs - e.atMs) * 1e3;
		return n > 0 ? n : null;
	}
	secondsLeft(e) {
		let t = this.rate;
		return t === null ? null : (e - this.marks[this.marks.length - 1].offset) / t;
	}
}, X = class {
	root;
	fill = z("i");
	track;
	left = z("span");
	right = z("span", { class: "ci-mu" });
	constructor(e) {
		this.track = z("div", {
			class: "ci-track",
			role: "progressbar",
			"aria-label": e,
			"aria-valuemin": "0",
			"aria-valuemax": "100"
		}, this.fill), this.root = z("div", { class: "ci-bar" }, this.track, z("p", { class: "ci-spread" }, this.left, this.right));
	}
	show(e, t, n) {
		if (this.track.classList.toggle("ci-unknown", e === null), e === null) this.track.removeAttribute("aria-valuenow"), this.fill.style.removeProperty("width");
		else {
			let t = Math.floor(100 * Math.min(1, e));
			this.track.setAttribute("aria-valuenow", String(t)), this.fill.style.width = `${100 * Math.min(1, e)}%`;
		}
		this.track.setAttribute("aria-valuetext", t), this.left.textContent = t, this.right.textContent = n;
	}
}, Te = class {
	actions;
	root;
	bar = new X("Sending");
	note = z("p", { class: "ci-note" });
	buttons = z("div", { class: "ci-row" });
	pace = new we();
	phase = "";
	until = 0;
	constructor(e) {
		this.actions = e, this.root = z("div", { class: "ci-card" }, this.bar.root, this.note, this.buttons);
	}
	show(e, t) {
		e.phase !== this.phase && this.enter(e, t);
		let n = e.choice?.totalBytes ?? e.upload?.total_bytes ?? 0;
		e.phase === "sending" && this.pace.note(t, e.offset);
		let r = e.phase === "listing" || e.phase === "announcing" ? null : e.offset / n;
		this.bar.show(r, this.amount(e, n), this.speed(e, n)), e.phase === "waiting" && (this.note.textContent = Ee(this.until - t, e.waitMs));
	}
	enter(e, t) {
		this.phase = e.phase, this.pace.clear(), this.until = t + e.waitMs, this.root.classList.toggle("ci-lost", e.phase === "waiting"), this.root.classList.toggle("ci-paused", e.phase === "paused"), this.note.textContent = "", this.buttons.replaceChildren(...this.buttonsFor(e.phase));
	}
	buttonsFor(e) {
		let t = B("Cancel", "", () => this.actions.cancel());
		return e === "waiting" ? [B("Try now", "ci-primary", () => this.actions.tryNow()), t] : e === "paused" ? [B("Go on", "ci-primary", () => this.actions.resume()), t] : [B("Pause", "", () => this.actions.pause()), t];
	}
	amount(e, t) {
		return e.phase === "announcing" || e.phase === "listing" ? `Telling the server of ${K(e.choice?.files ?? 0, "file")}` : `${W(e.offset)} of ${W(t)}`;
	}
	speed(e, t) {
		if (e.phase === "paused") return "Paused";
		let { rate: n } = this.pace, r = this.pace.secondsLeft(t);
		return e.phase !== "sending" || n === null || r === null ? "" : `${W(n)}/s · ${G(r)} left`;
	}
};
function Ee(e, t) {
	return e <= 0 ? "Connection lost. Trying again now." : `Connection lost. Trying again in ${Math.ceil(Math.min(e, t) / 1e3)} s.`;
}
// src/importing/page.ts
var De = [
	"Send",
	"Choose",
	"Open"
], Oe = {
	looking: 1,
	found: 1,
	failed: 1,
	opening: 2,
	ready: 2
}, Z = [
	"announcing",
	"listing",
	"sending",
	"waiting",
	"paused"
], ke = ["choosing", "needs_files"], Ae = class {
	steps = z("ol", {
		class: "ci-steps",
		"aria-label": "Steps"
	});
	heading = z("h1", { tabindex: "-1" });
	problem = z("p", {
		class: "ci-problem",
		role: "alert"
	});
	body = z("div", { class: "ci-body" });
	spoken = z("p", {
		class: "ci-hidden",
		role: "status",
		"aria-live": "polite"
	});
	driver;
	state = null;
	drawn = "";
	sending = null;
	bar = null;
	wish = null;
	constructor(e) {
		e.replaceChildren(this.steps, this.heading, this.problem, this.body, this.spoken), de(() => this.state !== null && ke.includes(this.state.phase), this.choosing), setInterval(() => this.tick(), 250);
	}
	use(e) {
		this.driver = e;
	}
	show(e) {
		this.state = e, document.body.dataset.phase = e.phase;
		let t = Z.includes(e.phase) ? "transfer" : e.phase;
		t !== this.drawn && this.draw(t, e), this.showProblem(e), this.update(e);
	}
	tick() {
		this.state?.phase === "waiting" && this.update(this.state);
	}
	draw(e, t) {
		let n = this.drawn === "";
		this.drawn = e, this.sending = null, this.bar = null;
		let r = Oe[t.phase] ?? 0;
		this.steps.replaceChildren(...De.map((e, t) => z("li", t === r ? {
			class: "ci-on",
			"aria-current": "step"
		} : { class: t < r ? "ci-done" : "" }, e))), this.heading.textContent = Q(t), this.body.replaceChildren(...this.bodyFor(t)), n || this.heading.focus({ preventScroll: !0 });
	}
	bodyFor(e) {
		switch (e.phase) {
			case "greeting":
			case "signed_out": return [];
			case "choosing": return [z("p", { class: "ci-lead" }, "A study or series of CT or MR as DICOM. What is in there is looked at before anything is opened."), q(e, this.choosing)];
			case "needs_files": return [ue(e, this.choosing), q(e, this.choosing)];
			case "collecting":
			case "looking":
			case "opening": return this.working(e);
			case "found": return [me(h(e), this.wish, this.actions)];
			case "ready": return this.ready(e);
			case "failed": return [z("div", { class: "ci-row" }, B("Discard and choose others", "ci-primary", this.actions.discard), B("Try again", "", () => this.driver.tell({ type: "resume" })))];
			default: return this.sending = new Te(this.actions), [this.sending.root];
		}
	}
	working(e) {
		this.bar = new X(Q(e));
		let t = z("div", { class: "ci-card" }, this.bar.root);
		return e.phase !== "collecting" && t.append(z("div", { class: "ci-row" }, B("Cancel", "", this.actions.cancel))), [t];
	}
	ready(e) {
		let { owner: t, surgeon: n } = e.upload.links, r = location.origin + n, i = z("input", {
			id: "surgeon",
			readonly: !0,
			value: r
		}), a = B("Copy", "", () => {
			i.select(), navigator.clipboard?.writeText(r), document.execCommand("copy"), a.textContent = "Copied";
		});
		return [z("div", { class: "ci-card" }, z("p", {}, "You open it as its owner, who can invite others."), z("a", {
			class: "ci-btn ci-primary ci-wide",
			href: t
		}, "Open the room"), z("label", { for: "surgeon" }, "Link for a surgeon"), z("div", { class: "ci-row" }, i, a)), z("div", { class: "ci-row" }, B("Bring in more images", "", this.actions.discard))];
	}
	update(e) {
		if (this.sending?.show(e, performance.now()), e.phase === "collecting") this.bar?.show(null, `${K(e.collected, "file")} so far`, "");
		else if (this.bar !== null) {
			let { label: t, done: n, total: r } = e.upload?.progress ?? {
				label: "",
				done: 0,
				total: 0
			};
			this.bar.show(r > 0 ? n / r : null, t, r > 1 ? `${n} of ${r}` : "");
		}
		let t = je(e);
		this.spoken.textContent !== t && (this.spoken.textContent = t);
	}
	showProblem(e) {
		let { problem: t } = e, n = t?.file == null ? null : this.driver.pathOf(t.file), r = t === null ? "" : Y(t.message) + (n === null ? "" : ` (${n})`);
		this.problem.textContent !== r && (this.problem.textContent = r), this.problem.hidden = r === "";
	}
	choosing = {
		chosen: (e) => this.driver.choose(e),
		collecting: (e) => this.driver.tell({
			type: "collecting",
			files: e
		}),
		unreadable: (e) => this.driver.tell({
			type: "unreadable",
			message: e
		}),
		discard: () => this.actions.discard()
	};
	actions = {
		pause: () => this.driver.tell({ type: "pause" }),
		resume: () => this.driver.tell({ type: "resume" }),
		tryNow: () => this.driver.tell({ type: "try_now" }),
		cancel: () => {
			confirm("Cancel? What was sent so far is deleted on the server.") && this.actions.discard();
		},
		open: (e) => {
			this.wish = e, this.driver.tell({
				type: "open",
				...e
			});
		},
		discard: () => {
			this.wish = null, this.driver.tell({ type: "discard" });
		}
	};
};
function Q(e) {
	switch (e.phase) {
		case "greeting": return "One moment";
		case "choosing": return "Bring in images";
		case "collecting": return "Reading the folder";
		case "needs_files": return "An upload is unfinished";
		case "looking": return "Looking at what came";
		case "found": return he(h(e));
		case "opening": return "Making the room";
		case "ready": return "The room is ready";
		case "failed": return "That did not work";
		case "signed_out": return "Open the import link again";
		default: return `Sending ${K(e.choice?.files ?? e.upload?.files ?? 0, "file")}`;
	}
}
function je(e) {
	switch (e.phase) {
		case "sending": {
			let t = e.offset / Math.max(1, e.upload?.total_bytes ?? 1);
			return `Sending, ${25 * Math.floor(4 * t)} percent`;
		}
		case "waiting": return "Connection lost, trying again";
		case "paused": return "Paused";
		default: return Q(e);
	}
}
// src/importing/main.ts
history.replaceState(null, "", "./");
var $ = new Ae(document.getElementById("import"));
$.use(new I((e) => queueMicrotask(() => $.show(e))));
