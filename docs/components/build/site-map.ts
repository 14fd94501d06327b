/** The pages in reading order: navigation, previous and next, and the site's own checks read this. */
export interface SitePage {
  readonly path: string;
  readonly name: string;
  readonly description: string;
}

export const siteName = "setmem";
export const sourceUrl = "https://github.com/setmem/setmem";

export const pages: readonly SitePage[] = [
  {path: "/index", name: "Four numbers", description: "A virtual machine has four memory numbers, and most confusion is two people calling different ones memory. What each means, who decides it and where it shows."},
  {path: "/qemu-kvm", name: "QEMU and KVM", description: "What virsh setmem does to a QEMU guest: a balloon model drawn over a real recording, with the guest's and the host's view of the same pages."},
  {path: "/evidence", name: "Evidence", description: "Every recorded value of every recording beside what the model predicts, worst first, the missed ones included."},
  {path: "/sources", name: "Sources and limits", description: "What the pages rest on: recordings of real hypervisors, source code by version, and what the model leaves out."},
  {path: "/licences", name: "Licences", description: "Licences of the text, the code, the recordings and the libraries of this site."}
];

/** Pages that hold one figure for use in other sites' frames: no shell around it, and not in the search. */
export const isEmbed = (path: string): boolean => path.startsWith("/embed/");

/** The page whose model a path shows: `/embed/qemu-kvm-timeline` shows that of `qemu-kvm`. */
export const modelOf = (path: string): string => (isEmbed(path) ? path.slice("/embed/".length).replace(/-[^-]+$/, "") : path.slice(1));
