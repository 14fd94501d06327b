import {casePage} from "../case/case-page.tsx";
import {scenarioOf} from "../model/qemu.ts";
import {toolsAt} from "../model/qemu-tools.ts";
import {boot} from "./qemu-kvm-boot.tsx";
import {qemu} from "./qemu-kvm-case.ts";
import {prediction} from "./qemu-kvm-prediction.ts";

export const page = casePage(qemu, {
  id: "qemu-kvm",
  prediction,
  figures: {boot},
  cellEvents: (setting) => scenarioOf(setting).events ?? [],
  tools: (c) => toolsAt(c.run, c.setting, c.time)
});
