/** A line at the top of the page that the reader can dismiss; text only, never HTML. */
export function showNotice(text: string): void {
  const main = document.getElementById("observablehq-main");
  if (main === null) return;
  document.getElementById("notice")?.remove();
  const notice = document.createElement("div");
  notice.id = "notice";
  notice.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Dismiss";
  close.addEventListener("click", () => notice.remove());
  notice.append(words, close);
  document.body.append(notice);
}
