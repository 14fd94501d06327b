import type {Mention, Mentioned} from "./reading.ts";
import {all, at, first, type XmlElement} from "./xml.ts";

/** What libosinfo writes into a definition whose guest is Windows. */
export const WINDOWS = /microsoft\.com\/win[\w./-]*/;

const mention = (what: Mentioned, element: XmlElement, detail = ""): Mention => ({what, span: element.span, detail});

function backing(domain: XmlElement): readonly Mention[] {
  const found: Mention[] = [];
  for (const element of first(domain.children, "memoryBacking")?.children ?? []) {
    const {name, attributes} = element;
    const page = first(element.children, "page")?.attributes;
    if (name === "hugepages") found.push(mention("hugepages", element, page ? `${page["size"] ?? ""} ${page["unit"] ?? "KiB"}`.trim() : ""));
    if (name === "locked") found.push(mention("locked", element));
    if (name === "nosharepages") found.push(mention("no-merge", element));
    if (name === "discard") found.push(mention("discard", element));
    if (name === "allocation" && attributes["mode"] === "immediate") found.push(mention("immediate", element));
    if (name === "access" && attributes["mode"] === "shared") found.push(mention("shared", element));
  }
  return found;
}

function devices(domain: XmlElement): readonly Mention[] {
  const found: Mention[] = [];
  for (const element of first(domain.children, "devices")?.children ?? []) {
    const {name, attributes} = element;
    const isAssigned = (name === "hostdev" && ["pci", "mdev"].includes(attributes["type"] ?? "")) || (name === "interface" && attributes["type"] === "hostdev");
    if (isAssigned) found.push(mention("vfio", element, attributes["type"] ?? ""));
    if (name === "memory" && attributes["access"] === "shared") found.push(mention("shared", element));
  }
  return found;
}

function platform(domain: XmlElement): readonly Mention[] {
  const found: Mention[] = [];
  const os = first(domain.children, "os");
  const loader = first(os?.children ?? [], "loader");
  const isPflash = loader?.attributes["type"] === "pflash" || /OVMF|AAVMF|edk2/i.test(loader?.text ?? "");
  if (loader && isPflash) found.push(mention("efi", loader, loader.text.trim()));
  else if (os?.attributes["firmware"] === "efi") found.push(mention("efi", {...os, span: os.tag}));
  const security = first(domain.children, "launchSecurity");
  if (security) found.push(mention("confidential", security, security.attributes["type"] ?? ""));
  const strict = at(domain.children, "numatune", "memory");
  if (strict && (strict.attributes["mode"] ?? "strict") === "strict") found.push(mention("strict-nodes", strict, strict.attributes["nodeset"] ?? ""));
  const hyperv = at(domain.children, "features", "hyperv");
  if (hyperv) found.push(mention("windows", hyperv, "hyperv"));
  for (const name of ["qemu:commandline", "xen:commandline"]) {
    for (const element of all(domain.children, name)) found.push(mention("extra-arguments", element));
  }
  const e820 = at(domain.children, "features", "xen", "e820_host");
  if (e820?.attributes["state"] === "on") found.push(mention("host-map", e820));
  return found;
}

/** What a definition says that changes the meaning of its memory numbers. */
export const mentionsOf = (domain: XmlElement): readonly Mention[] => [...backing(domain), ...devices(domain), ...platform(domain)];
