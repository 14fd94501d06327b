/** The parts of the header's navigation, in order; the first and the licences stand by themselves. */
export const groups = ["Cases", "The question", "Your VM", "Reference"] as const;
export type Group = (typeof groups)[number] | "start" | "end";

/** The pages in reading order: navigation, previous and next, and the site's own checks read this. */
export interface SitePage {
  readonly path: string;
  readonly name: string;
  readonly description: string;
  /** Where the header lists it. */
  readonly group: Group;
  /** Has a script of its own, though no model. */
  readonly script?: true;
}

export const siteName = "setmem";
export const sourceUrl = "https://github.com/setmem/setmem";

export const pages: readonly SitePage[] = [
  {path: "/index", name: "Four numbers", group: "start", description: "A virtual machine has four memory numbers, and most confusion is two people calling different ones memory. What each means, who decides it and where it shows."},
  {path: "/qemu-kvm", name: "QEMU and KVM", group: "Cases", description: "What virsh setmem does to a QEMU guest: a balloon model drawn over a real recording, with the guest's and the host's view of the same pages."},
  {path: "/xen-pv", name: "Xen PV", group: "Cases", description: "The experiment of the 2009 mails on a real Xen: mem-set to 1 GB and free follows, while the map does not. With Xen's own cap, and what happens when the guest cannot follow."},
  {path: "/xen-fv", name: "Xen PVH and HVM", group: "Cases", description: "Xen guests with firmware: populate on demand as five numbers in a row, the boot that waits for its balloon, the crash of a guest that writes too much too soon, and the map with its hole."},
  {path: "/esx", name: "ESX", group: "Cases", description: "Why VMware's limit is not Xen's memory: a guest that never sees it, a balloon that fills on an empty host, swap where the balloon ends; the states of a host, and the tax on idle memory with the 2002 paper's figures redrawn."},
  {path: "/cgroups", name: "KVM with a cap", group: "Cases", description: "A balloon target tells the guest, a cgroup limit enforces from the host. When the two together work, when the host swaps, when it kills the virtual machine, and what libvirt's memtune really writes."},
  {path: "/together", name: "Together", group: "Cases", description: "Maximum, target, reservation, host cap, swap and load all at once, on KVM, Xen and ESX in step, and a map of what every target and every load comes to."},
  {path: "/overcommit", name: "Many machines", group: "Cases", description: "Four machines promised twice what the host has: who pays when nobody moves their targets, or Proxmox, oVirt MOM or ESX does, in seconds waited and memory swapped."},
  {path: "/guest", name: "A real Linux", group: "Cases", description: "A real Linux kernel in your browser: move its balloon, fill its memory, run into its limits, and read its own free and dmesg beside what the model says.", script: true},
  {path: "/libvirt", name: "libvirt", group: "The question", description: "What virDomainSetMaxMemory and virDomainSetMemory mean on each driver of libvirt: the layer a call moves, what it refuses and how it rounds, with the XML, memtune and the history."},
  {path: "/thread", name: "The mails", group: "The question", description: "The four mails of May 2009 about SetMaxMemory and SetMemory, claim by claim: which layer each speaks about, what was true then, what is true since, and the run that shows it."},
  {path: "/explain", name: "Explain my VM", group: "Your VM", description: "Paste a libvirt XML, an xl.cfg, a .vmx, a QEMU command line or a tool's output, and see what its memory numbers mean, which are traps, and what the same machine is elsewhere.", script: true},
  {path: "/symptoms", name: "Symptoms", group: "Your VM", description: "From what you see to what it means: memory that does not move, shrinks, swaps or kills, and every message of libvirt, virsh and QEMU about memory."},
  {path: "/notebook", name: "Notebook", group: "Your VM", description: "Cells of code over the model, run in this page: three hypervisors compared, your own workload, your own balloon policy, your own samples of free."},
  {path: "/glossary", name: "Glossary", group: "Reference", description: "Every tool's word for every layer of a virtual machine's memory: libvirt, QEMU, virtio, Linux, cgroups, Xen, ESX, Proxmox and MOM, with units and traps."},
  {path: "/evidence", name: "Evidence", group: "Reference", description: "Every recorded value of every recording beside what the model predicts, worst first, the missed ones included."},
  {path: "/limits", name: "Limits", group: "Reference", description: "What the model leaves out, what was not recorded, and what nobody has published, with what that means for the reader."},
  {path: "/sources", name: "Sources", group: "Reference", description: "What the pages rest on: recordings of real hypervisors, source code and documentation, each with its version."},
  {path: "/licences", name: "Licences", group: "end", description: "Licences of the text, the code, the recordings and the libraries of this site."}
];

/** Pages that hold one figure for use in other sites' frames: no shell around it, and not in the search. */
export const isEmbed = (path: string): boolean => path.startsWith("/embed/");

/** The page whose model a path shows: `/embed/qemu-kvm-timeline` shows that of `qemu-kvm`. */
export const modelOf = (path: string): string => (isEmbed(path) ? path.slice("/embed/".length).replace(/-[^-]+$/, "") : path.slice(1));
