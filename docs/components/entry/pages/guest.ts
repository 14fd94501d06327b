import {lacking} from "../../guest/client.ts";

/** Nothing of the guest is fetched before Start; its own code is not either. */
const form = document.querySelector<HTMLFormElement>("[data-guest-start]");
const place = document.querySelector<HTMLElement>("[data-guest]");
const folder = new URL("guest-files/", document.querySelector<HTMLAnchorElement>("a.brand")?.href ?? location.href).href;

function ready(form: HTMLFormElement, place: HTMLElement): void {
  const say = (text: string): void => {
    for (const element of form.querySelectorAll("[data-guest-said]")) element.textContent = text;
  };
  const missing = lacking();
  if (missing !== null) {
    say(missing);
    return;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = new FormData(form);
    form.hidden = true;
    void import("../../guest/mount.tsx").then(({mountGuest}) =>
      mountGuest(place, folder, Number(chosen.get("memory")), chosen.get("deflate") === "on", (why) => {
        form.hidden = false;
        say(why === "" ? "The guest is stopped, and its memory is free again." : `The guest ended: ${why}.`);
      }));
  });
  for (const button of form.querySelectorAll("button")) button.disabled = false;
}

if (form !== null && place !== null) ready(form, place);
