import {mount} from "../../browser/mount.tsx";
import {page} from "../../pages/xen-pv.tsx";

mount(page);
