// Texts that the page lays over a pane, such as lengths and names of notes, drawn into its picture.

/** What of the page belongs to the plan or says what a pane shows; buttons and cards do not. */
const BELONGS = ".cmv-label, .cmv-pin, .cmv-thread, .cmv-note, .cmv-slicetitle, .cmv-sliceseries, .cmv-slicemissing";

type Context = CanvasRenderingContext2D;

export function paintTexts(context: Context, pane: HTMLElement): void {
  const origin = pane.getBoundingClientRect();
  for (const box of pane.querySelectorAll<HTMLElement>(BELONGS)) {
    const rect = box.getBoundingClientRect();
    const style = getComputedStyle(box);
    if (rect.width < 1 || style.visibility === "hidden" || style.opacity === "0") continue;
    context.save();
    context.globalAlpha = Number(style.opacity);
    context.translate(-origin.left, -origin.top);
    paintBox(context, rect, style);
    paintWords(context, box);
    context.restore();
  }
}

function paintBox(context: Context, { left, top, width, height }: DOMRect, style: CSSStyleDeclaration): void {
  context.beginPath();
  context.roundRect(left, top, width, height, Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, height / 2));
  context.fillStyle = style.backgroundColor;
  context.fill();
  const edge = Number.parseFloat(style.borderLeftWidth) || 0;
  if (edge < 2) return;
  context.fillStyle = style.borderLeftColor;
  context.fillRect(left, top, edge, height);
}

/** Word by word, each where the browser has put it. */
function paintWords(context: Context, box: HTMLElement): void {
  const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const style = node.parentElement && getComputedStyle(node.parentElement);
    if (!style) continue;
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.fillStyle = style.color;
    context.textAlign = "left";
    context.textBaseline = "middle";
    for (const word of node.nodeValue?.matchAll(/\S+/g) ?? []) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const rect = range.getBoundingClientRect();
      if (rect.width > 0) context.fillText(word[0], rect.left, rect.top + rect.height / 2);
    }
  }
}
