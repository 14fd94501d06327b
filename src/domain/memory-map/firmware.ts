import {ModelError} from "../../errors.ts";
import type {Source} from "../../source.ts";
import {bytes} from "../../units.ts";
import type {Machine} from "../machine.ts";
import {ovmfRanges} from "./ovmf.ts";
import {seabiosRanges} from "./seabios.ts";
import type {FirmwareRange, RamSplit} from "./types.ts";

const GIVEN: Source = {text: "given with the machine", place: "firmware.topReservation", version: "as given", grade: "illustrative"};

/** Firmware whose reservations are known, by name. */
const rules: Readonly<Record<string, (machine: Machine, split: RamSplit) => readonly FirmwareRange[]>> = {seabios: seabiosRanges, ovmf: ovmfRanges};

/**
 * What firmware keeps for itself: each range in the words of the map it hands over.
 * A machine may say how much is kept at the top of low RAM (`firmware.topReservation`):
 * then the rest is as SeaBIOS does it.
 * @throws ModelError `unknown-firmware` for a firmware without a rule and without `topReservation`.
 */
export function firmwareRanges(machine: Machine, split: RamSplit): readonly FirmwareRange[] {
  const {name, topReservation} = machine.firmware;
  if (topReservation !== null) return seabiosRanges(machine, split, {value: bytes(topReservation * 1024), source: GIVEN});
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule) return rule(machine, split);
  throw new ModelError(`unknown firmware: ${name}`, {
    code: "unknown-firmware",
    path: "firmware.name",
    expected: "seabios, ovmf, or any firmware with topReservation",
    hint: "read the end of the last usable range below 4 GiB from the guest's dmesg and give the rest as topReservation"
  });
}
