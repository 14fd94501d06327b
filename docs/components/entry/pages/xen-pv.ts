import {mount} from "../../browser/mount.tsx";
import {rehearsing} from "../../browser/rehearse.ts";
import {page} from "../../pages/xen-pv.tsx";

mount(page, rehearsing);
