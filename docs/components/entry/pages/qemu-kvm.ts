import {mount} from "../../browser/mount.tsx";
import {page} from "../../pages/qemu-kvm.tsx";

mount(page);
