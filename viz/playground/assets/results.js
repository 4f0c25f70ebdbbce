/* What a program printed, showed and wrote. */
import { html } from "./dom.js";
import { tr } from "./words.js";

const DELAY_OF_TEXT = 60; // milliseconds: to show each of many short lines at once would keep the page busy

const TYPES = { html: "text/html", svg: "image/svg+xml", png: "image/png", gif: "image/gif", jpg: "image/jpeg" };

/* The style of values that are HTML: they stand in frames, which scripts and styles of the page do not reach. */
const STYLE = `:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
body { margin: 0; display: flow-root; overflow-x: auto; } table { border-collapse: collapse; margin: 0 0 0.6em; }
caption { text-align: left; font-weight: 600; } th, td { padding: 0.15em 0.6em; border-bottom: 1px solid #8886; }`;

export class Results {
  constructor(element) {
    this.element = element;
    this.addresses = [];
    this.last = null;
    this.waiting = [];
    this.timer = 0;
  }

  clear() {
    this.flush();
    this.addresses.splice(0).forEach((address) => URL.revokeObjectURL(address));
    this.element.replaceChildren();
    this.last = null;
  }

  /* Shows a message of viz.playground.messages. */
  show(message) {
    if (message.kind === "text") this.addText(message);
    else if (message.kind === "page") this.addPage(message.title, message.html);
    else if (message.kind === "html") this.add(valueFrame(message.html));
    else if (message.kind === "picture") this.add(html("img", { src: message.url, alt: message.text, className: "picture" }));
    else this.addFile(message.name, bytesOf(message.content));
  }

  add(element) {
    this.flush();
    this.last = null;
    this.element.append(element);
  }

  /* Adds text, soon, to what the same stream has just printed, or below it. */
  addText({ stream, text }) {
    if (this.last?.stream !== stream) {
      const element = html("pre", { className: `text ${stream}`, tabIndex: 0 });
      this.add(element);
      this.last = { stream, element };
    }
    this.waiting.push(text);
    this.timer ||= setTimeout(() => this.flush(), DELAY_OF_TEXT);
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.waiting.length) this.last.element.append(this.waiting.splice(0).join(""));
  }

  addPage(title, text) {
    const frame = html("iframe", { title, allow: "fullscreen; clipboard-write", srcdoc: text });
    frame.setAttribute("sandbox", "allow-scripts allow-downloads");
    this.add(html("figure", { className: "page" }, this.caption(title, text, "page.html"), frame));
  }

  addFile(name, bytes) {
    const ending = name.split(".").at(-1).toLowerCase();
    if (ending === "html") this.addPage(name, new TextDecoder().decode(bytes));
    else {
      const caption = this.caption(name, bytes, name);
      const picture = TYPES[ending] ? [html("img", { src: caption.address, alt: name, className: "picture" })] : [];
      this.add(html("figure", {}, caption, ...picture));
    }
  }

  /* A caption with links that open and save the content; its property `address` is that of the content. */
  caption(title, content, name) {
    const type = TYPES[name.split(".").at(-1).toLowerCase()] ?? "application/octet-stream";
    const address = URL.createObjectURL(new Blob([content], { type }));
    this.addresses.push(address);
    const open = html("a", { href: address, target: "_blank", rel: "noopener", textContent: tr`Open in a tab` });
    const save = html("a", { href: address, download: name, textContent: tr`Save` });
    const isShown = type !== "application/octet-stream";
    const caption = html("figcaption", {}, html("b", { textContent: title }), ...(isShown ? [open] : []), save);
    return Object.assign(caption, { address });
  }
}

/* A frame as high as its content, which may contain no script: the page may then measure it. */
function valueFrame(content) {
  const frame = html("iframe", { title: tr`Value`, srcdoc: `<!doctype html><style>${STYLE}</style>${content}` });
  frame.setAttribute("sandbox", "allow-same-origin");
  frame.addEventListener("load", () => {
    const { body, documentElement } = frame.contentDocument;
    const fit = () => {
      frame.style.height = `${Math.ceil(body.getBoundingClientRect().height) + documentElement.clientTop + 4}px`;
    };
    new ResizeObserver(fit).observe(body);
    fit();
  });
  return frame;
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
